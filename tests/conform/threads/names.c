/* SPDX-License-Identifier: MIT */
/*
 * names - a thread's name can be set and read by prctl, pthread_setname_np and for another thread, 15
 * characters at most. Catches tools that name threads and stop when that fails.
 */
#include "conform.h"
#include <sys/prctl.h>

static _Atomic int leave;

static void *work(void *arg)
{
	(void)arg;
	while (!leave)
		sleep_ms(1);
	return NULL;
}

int main(void)
{
	char name[32] = "";
	pthread_t t = thread(work, NULL);

	must(prctl(PR_SET_NAME, "a-name-that-is-too-long"));
	must(prctl(PR_GET_NAME, name));
	check(!strcmp(name, "a-name-that-is-"), "cut at 15 characters");
	zero(pthread_setname_np(pthread_self(), "main"));
	zero(pthread_getname_np(pthread_self(), name, sizeof(name)));
	check(!strcmp(name, "main"), "of the thread itself");
	zero(pthread_setname_np(t, "other"));
	zero(pthread_getname_np(t, name, sizeof(name)));
	check(!strcmp(name, "other"), "of another thread");
	equal(pthread_setname_np(t, "sixteen-long-xxx"), ERANGE, "too long");
	leave = 1;
	join(t);
	return done();
}
