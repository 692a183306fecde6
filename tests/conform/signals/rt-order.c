/* SPDX-License-Identifier: MIT */
/*
 * rt-order - real-time signals queue, each with its value, and come lowest number first and in order of
 * sending; ordinary ones come once. Catches a bit mask where a queue is due.
 */
#include "conform.h"

static volatile int got[64], n;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (n < 64)
		got[n++] = (sig - SIGRTMIN) * 100 + info->si_value.sival_int;
}

int main(void)
{
	static const int want[] = { 101, 103, 105, 200, 202, 204 };
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigset_t all, old;
	size_t i, good = 0;

	sigfillset(&all);
	sa.sa_mask = all;
	for (i = 0; i < 3; i++)
		must(sigaction(SIGRTMIN + (int)i, &sa, NULL));
	must(sigaction(SIGUSR1, &sa, NULL));
	must(sigprocmask(SIG_BLOCK, &all, &old));
	for (i = 0; i < 6; i++)
		must(sigqueue(getpid(), SIGRTMIN + (i % 2 ? 1 : 2), (union sigval){ .sival_int = (int)i }));
	for (i = 0; i < 3; i++)
		must(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 1 }));
	must(sigprocmask(SIG_SETMASK, &old, NULL));
	equal(n, 7, "number of signals");
	check(got[0] == (SIGUSR1 - SIGRTMIN) * 100 + 1, "the ordinary one first, once");
	for (i = 0; i < COUNT(want); i++)
		good += got[i + 1] == want[i];
	equal(good, COUNT(want), "order and values");
	return done();
}
