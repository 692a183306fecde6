/* SPDX-License-Identifier: MIT */
/*
 * create-while-signalled - a signal that all threads block is sent over and over while threads are made: it stays
 * pending, and each thread begins once. Catches a thread that is found by a signal before it is complete.
 */
#include "conform.h"

#define ROUNDS  1500

static volatile sig_atomic_t handled;
static int stop, began;

static void count(int signo)
{
	(void)signo;
	handled++;
}

static void *sender(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		kill(getpid(), SIGUSR1);
	return arg;
}

static void *begin(void *arg)
{
	__atomic_add_fetch(&began, 1, __ATOMIC_RELAXED);
	return arg;
}

int main(void)
{
	struct sigaction act = { .sa_handler = count };
	pthread_t other;
	sigset_t set;
	int i;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigaction(SIGUSR1, &act, NULL));
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	other = thread(sender, NULL);
	for (i = 0; i < ROUNDS; i++)
		join(thread(begin, NULL));
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	join(other);
	check(began == ROUNDS, "each thread begins once");
	check(!handled, "no thread takes a signal that it blocks");
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	check(handled == 1, "it is pending once");
	return done();
}
