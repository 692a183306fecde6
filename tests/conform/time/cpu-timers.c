/* SPDX-License-Identifier: MIT */
/*
 * cpu-timers - timers and sleeps by processor time: of the process and of a thread, periodic, told to one
 * thread, standing while nobody computes. Catches CPU timers that run on real time or not at all.
 */
#include "conform.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static _Atomic int hits, teller, stop, overrun;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	hits++;
	overrun = info->si_overrun;
	teller = (int)syscall(SYS_gettid);
}

static void burn(long long ns)
{
	long long start = now(CLOCK_THREAD_CPUTIME_ID);

	while (now(CLOCK_THREAD_CPUTIME_ID) - start < ns)
		;
}

static void *work(void *arg)
{
	while (!stop)
		burn(1 * MS);
	return arg;
}

static void once(clockid_t clock, const char *what)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec spec = { timespec(0), timespec(80 * MS) }, left;
	timer_t timer;
	long long start;
	int slept;

	hits = 0;
	must(timer_create(clock, &event, &timer));
	start = now(clock);
	must(timer_settime(timer, 0, &spec, NULL));
	sleep_ms(150);
	slept = hits;
	must(timer_gettime(timer, &left));
	equal(slept, 0, "not while asleep");
	check(left.it_value.tv_sec == 0 && left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 100 * MS,
		"what is left");
	while (!hits)
		;
	check(now(clock) - start >= 80 * MS, what);
	burn(20 * MS);
	equal(hits, 1, "once");
	must(timer_delete(timer));
}

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct itimerspec spec = { timespec(2 * MS), timespec(2 * MS) };
	struct timespec ts = timespec(10 * MS);
	clockid_t clock;
	timer_t timer;
	pthread_t t;
	long long start;

	handle(SIGUSR1, handler, 0);
	once(CLOCK_PROCESS_CPUTIME_ID, "the process' time");
	once(CLOCK_THREAD_CPUTIME_ID, "the thread's time");

	event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
	must(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
	hits = 0;
	t = thread(work, NULL);
	until(hits >= 4);
	check(1, "periodic, by the work of another thread");
	equal(teller, (int)syscall(SYS_gettid), "told to the thread that was named");
	must(timer_delete(timer));
	event.sigev_notify_thread_id = 1;
	fails(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL, "no thread of ours");

	zero(pthread_getcpuclockid(t, &clock));
	start = now(clock);
	zero(clock_nanosleep(clock, 0, &ts, NULL));
	check(now(clock) - start >= 10 * MS, "a sleep by another thread's time");
	start = now(CLOCK_PROCESS_CPUTIME_ID);
	zero(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &ts, NULL));
	check(now(CLOCK_PROCESS_CPUTIME_ID) - start >= 10 * MS, "by the process'");
	equal(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL), EINVAL, "not by one's own");
	stop = 1;
	join(t);
	return done();
}
