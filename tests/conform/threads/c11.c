/* SPDX-License-Identifier: MIT */
/*
 * c11 - C11 threads, mutexes, conditions, call_once and thread-specific storage. Catches nothing new, but
 * other entry points.
 */
#include "conform.h"
#include <threads.h>

static mtx_t m;
static cnd_t c;
static once_flag flag = ONCE_FLAG_INIT;
static int state, inits;

static void init(void)
{
	inits++;
}

static int work(void *arg)
{
	call_once(&flag, init);
	mtx_lock(&m);
	state = 1;
	cnd_signal(&c);
	while (state != 2)
		cnd_wait(&c, &m);
	mtx_unlock(&m);
	return *(int *)arg;
}

int main(void)
{
	struct timespec past = { 0, 0 };
	int arg = 33, result = 0;
	thrd_t t;

	mtx_init(&m, mtx_timed);
	cnd_init(&c);
	equal(thrd_create(&t, work, &arg), thrd_success, "create");
	mtx_lock(&m);
	while (state != 1)
		cnd_wait(&c, &m);
	state = 2;
	cnd_signal(&c);
	equal(cnd_timedwait(&c, &m, &past), thrd_timedout, "timed wait");
	mtx_unlock(&m);
	equal(thrd_join(t, &result), thrd_success, "join");
	equal(result, 33, "result");
	call_once(&flag, init);
	equal(inits, 1, "once");
	return done();
}
