/* SPDX-License-Identifier: MIT */
/*
 * alarm-while-blocked - a timer's handler runs while its only thread is blocked in a read, and on a computing
 * thread that makes no calls. Catches timers seen only at system calls.
 */
#include "conform.h"

static _Atomic int hits;
static int fds[2];

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
	if (write(fds[1], "x", 1) != 1)
		_exit(9);
}

int main(void)
{
	struct itimerspec spec = { timespec(0), timespec(5 * MS) };
	timer_t timer;
	char c = 0;

	must(pipe(fds));
	handle(SIGALRM, handler, SA_RESTART);
	must(timer_create(CLOCK_MONOTONIC, NULL, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
	equal(read(fds[0], &c, 1), 1, "a blocked read, fed by the handler");
	equal(c, 'x', "its data");
	must(timer_settime(timer, 0, &spec, NULL));
	while (hits < 2)
		;
	check(1, "a computing thread");
	return done();
}
