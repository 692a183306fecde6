/* SPDX-License-Identifier: MIT */
/*
 * queue-full - when no more real-time signals can be queued the sender is told, and an ordinary signal arrives all
 * the same. Catches SIGTERM that is lost because others wait.
 */
#include "conform.h"

#include <sys/resource.h>

#define MANY  10000   /* more than any limit is */

static volatile sig_atomic_t handled;

static void count(int signo)
{
	(void)signo;
	handled++;
}

int main(void)
{
	struct sigaction act = { .sa_handler = count };
	struct rlimit few = { 1000, 1000 };
	union sigval value = { .sival_int = 0 };
	sigset_t set, term;
	long sent = 0;

	must(setrlimit(RLIMIT_SIGPENDING, &few));
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	must(sigaction(SIGTERM, &act, NULL));
	while (sent < MANY && !sigqueue(getpid(), SIGRTMIN, value))
		sent++;
	check(sent < MANY && errno == EAGAIN, "the queue has an end");
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	must(kill(getpid(), SIGTERM));
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	check(handled == 1, "an ordinary signal arrives");
	return done();
}
