/* SPDX-License-Identifier: MIT */
/*
 * alarm - alarm raises SIGALRM after its time, returns what was left and is cancelled by 0. Catches timers
 * that stay.
 */
#include "conform.h"

static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

int main(void)
{
	useconds_t left;

	handle(SIGALRM, handler, 0);
	equal(alarm(100), 0, "none before");
	left = alarm(50);
	check(left == 100 || left == 99, "what was left");
	left = alarm(0);
	check(left == 50 || left == 49, "cancelled");
	equal(ualarm(20000, 0), 0, "a short one");
	fails(pause(), EINTR, "ends pause");
	equal(hits, 1, "once");
	sleep_ms(30);
	equal(hits, 1, "and no more");
	return done();
}
