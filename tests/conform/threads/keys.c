/* SPDX-License-Identifier: MIT */
/*
 * keys - pthread keys are per thread and their destructors run at the thread's end, again if they set the
 * value again. Catches thread exit that skips the C library.
 */
#include "conform.h"

static pthread_key_t key;
static _Atomic int destroyed;

static void destroy(void *value)
{
	if (++destroyed == 1)
		zero(pthread_setspecific(key, value));
}

static void *work(void *arg)
{
	check(pthread_getspecific(key) == NULL, "empty in a new thread");
	zero(pthread_setspecific(key, arg));
	return NULL;
}

int main(void)
{
	zero(pthread_key_create(&key, destroy));
	zero(pthread_setspecific(key, &key));
	join(thread(work, &destroyed));
	equal(destroyed, 2, "destructor ran twice");
	check(pthread_getspecific(key) == &key, "the first thread's value stays");
	return done();
}
