/* SPDX-License-Identifier: MIT */
/*
 * tids - the first thread's tid is the pid, others differ and all share the pid; a tid tells whether the
 * thread is alive. Catches invented numbers that tgkill does not know.
 */
#include "conform.h"

static _Atomic pid_t tid[8], leave;

static void *work(void *arg)
{
	uintptr_t i = (uintptr_t)arg;

	tid[i] = gettid();
	while (!leave)
		sleep_ms(1);
	return (void *)(uintptr_t)(getpid() == (pid_t)syscall(SYS_getpid) && tid[i] == (pid_t)syscall(SYS_gettid));
}

int main(void)
{
	pthread_t t[8];
	uintptr_t i, j, same = 0, good = 0;

	equal(gettid(), getpid(), "first thread");
	for (i = 0; i < 8; i++)
		t[i] = thread(work, (void *)i);
	for (i = 0; i < 8; i++)
		until(tid[i]);
	for (i = 0; i < 8; i++)
		for (j = 0; j < 8; j++)
			same += tid[i] == tid[j] || tid[i] == getpid();
	equal(same, 8, "all different");
	equal(tgkill(getpid(), tid[3], 0), 0, "alive");
	leave = 1;
	for (i = 0; i < 8; i++)
		good += (uintptr_t)join(t[i]);
	equal(good, 8, "one pid");
	fails(tgkill(getpid(), tid[3], 0), ESRCH, "dead");
	return done();
}
