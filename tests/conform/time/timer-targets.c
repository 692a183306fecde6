/* SPDX-License-Identifier: MIT */
/*
 * timer-targets - a timer can signal one thread, start a thread, say nothing, or start at an absolute
 * time. Catches targets mixed up.
 */
#include "conform.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static _Atomic int hit_tid, called, leave, tid;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hit_tid = gettid();
}

static void *work(void *arg)
{
	tid = gettid();
	while (!leave)
		sleep_ms(1);
	return arg;
}

static void notified(union sigval value)
{
	called = gettid() == getpid() ? -1 : value.sival_int;
}

static timer_t armed(clockid_t clock, struct sigevent *event, int flags, long long at)
{
	struct itimerspec spec = { timespec(0), timespec(at) };
	timer_t timer;

	must(timer_create(clock, event, &timer));
	must(timer_settime(timer, flags, &spec, NULL));
	return timer;
}

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct sigevent start = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };
	struct sigevent nothing = { .sigev_notify = SIGEV_NONE };
	pthread_t t = thread(work, NULL);
	struct itimerspec left;
	timer_t timer;

	handle(SIGUSR1, handler, 0);
	until(tid);
	event.sigev_notify_thread_id = tid;
	timer = armed(CLOCK_MONOTONIC, &event, 0, 2 * MS);
	until(hit_tid);
	check(hit_tid == tid, "one thread");
	must(timer_delete(timer));
	event.sigev_notify = SIGEV_SIGNAL;
	hit_tid = 0;
	timer = armed(CLOCK_REALTIME, &event, TIMER_ABSTIME, now(CLOCK_REALTIME) + 2 * MS);
	until(hit_tid);
	check(1, "at an absolute time");
	must(timer_delete(timer));
	start.sigev_value.sival_int = 5;
	timer = armed(CLOCK_MONOTONIC, &start, 0, 2 * MS);
	until(called);
	equal(called, 5, "a thread of its own");
	must(timer_delete(timer));
	timer = armed(CLOCK_MONOTONIC, &nothing, 0, 1 * MS);
	sleep_ms(3);
	must(timer_gettime(timer, &left));
	check(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0, "silently over");
	leave = 1;
	join(t);
	return done();
}
