/* SPDX-License-Identifier: MIT */
/*
 * tls - thread-local variables of an object opened late exist in old and new threads, each its own. Catches
 * dynamic TLS without __tls_get_addr's bookkeeping.
 */
#include "conform.h"
#include <dlfcn.h>

static int (*add)(int);
static _Atomic int opened;

static void *old_thread(void *arg)
{
	until(opened);
	return (void *)(uintptr_t)(add(1) + add((int)(uintptr_t)arg));
}

int main(void)
{
	pthread_t t[4];
	void *lib;
	int i;

	for (i = 0; i < 4; i++)
		t[i] = thread(old_thread, (void *)(uintptr_t)i);
	lib = dlopen("libtiny.so", RTLD_NOW);
	*(void **)(void *)&add = dlsym(lib, "tiny_tls_add");
	equal(add(7), 107, "this thread");
	opened = 1;
	for (i = 0; i < 4; i++)
		equal((uintptr_t)join(t[i]), 202 + i, "old thread %d", i);
	equal((uintptr_t)join(thread(old_thread, (void *)5)), 207, "new thread");
	equal(add(0), 107, "this thread's is untouched");
	return done();
}
