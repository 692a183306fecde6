/* SPDX-License-Identifier: MIT */
/*
 * eintr - a handler without SA_RESTART ends a futex wait with EINTR; with it the wait goes on and is
 * woken. Catches restarts with the full timeout or none.
 */
#include "futex.h"

static word a;
static _Atomic int ready, hits, result;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

static void *waiter(void *arg)
{
	(void)arg;
	ready = 1;
	result = futex(&a, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == 0 ? 1 : -errno;
	return NULL;
}

static pthread_t blocked(int flags)
{
	pthread_t t;

	handle(SIGUSR1, handler, flags);
	ready = result = 0;
	t = thread(waiter, NULL);
	until(ready);
	sleep_ms(10);
	return t;
}

int main(void)
{
	pthread_t t = blocked(0);

	zero(pthread_kill(t, SIGUSR1));
	join(t);
	equal(-result, EINTR, "interrupted");
	t = blocked(SA_RESTART);
	zero(pthread_kill(t, SIGUSR1));
	until(hits == 2);
	sleep_ms(10);
	equal(result, 0, "restarted");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1, "still waiting");
	join(t);
	equal(result, 1, "woken");
	return done();
}
