/* SPDX-License-Identifier: MIT */
/* futex.h - the bare futex call, which no library offers. */
#ifndef FUTEX_H
#define FUTEX_H

#include "conform.h"
#include <linux/futex.h>

typedef _Atomic uint32_t word;

UNUSED static long futex(word *uaddr, int op, uint32_t val, const struct timespec *timeout, word *uaddr2, uint32_t val3)
{
	return syscall(SYS_futex, uaddr, op, val, timeout, uaddr2, val3);
}

/* The fourth argument of the requeue family is a number. */
UNUSED static long futex_move(word *from, int op, uint32_t wake, unsigned long move, word *to, uint32_t val3)
{
	return syscall(SYS_futex, from, op, wake, move, to, val3);
}

/* Threads that wait on a word until it changes. */
struct waiters {
	word *on;
	_Atomic int started, woken;
	pthread_t thread[16];
};

UNUSED static void *futex_waiter(void *arg)
{
	struct waiters *w = arg;
	long ret;

	w->started++;
	do {
		ret = futex(w->on, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	} while (ret < 0 && errno == EINTR);
	w->woken++;
	return NULL;
}

/* n threads that really wait: they have started and had time to fall asleep. */
UNUSED static void start_waiters(struct waiters *w, word *on, int n)
{
	int i;

	w->on = on;
	for (i = 0; i < n; i++)
		w->thread[i] = thread(futex_waiter, w);
	until(w->started == n);
	sleep_ms(20);
}

UNUSED static void join_waiters(struct waiters *w, int n)
{
	int i;

	for (i = 0; i < n; i++)
		join(w->thread[i]);
}

#endif
