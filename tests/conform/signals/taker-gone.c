/* SPDX-License-Identifier: MIT */
/*
 * taker-gone - a signal for the program is taken by a thread that lets it in although another one, which could have
 * taken it, blocks it or ends just then. Catches a signal that stays pending while a thread waits for it.
 */
#include "conform.h"

#define SIGNALS  100

static int handled, ready, waiting, over;

static void count(int signo)
{
	(void)signo;
	__atomic_add_fetch(&handled, 1, __ATOMIC_RELEASE);
}

static void nothing(int signo)
{
	(void)signo;
}

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(how, &set, NULL);
}

/* Until so many have been handled; false after two seconds. */
static int handled_wait(int nr)
{
	int tries;

	for (tries = 0; tries < 2000 && __atomic_load_n(&handled, __ATOMIC_ACQUIRE) < nr; tries++)
		if (tries > 100)
			sleep_ms(1);
		else
			sched_yield();
	return __atomic_load_n(&handled, __ATOMIC_ACQUIRE) >= nr;
}

/* When the other one waits: lets the signal in, says so, and does a little, more each time. */
static void open_up(int round)
{
	int i;

	while (__atomic_load_n(&waiting, __ATOMIC_ACQUIRE) != round)
		__asm__ volatile("pause");
	mask(SIG_UNBLOCK);
	__atomic_store_n(&ready, round, __ATOMIC_RELEASE);
	for (i = 0; i < round % 50 * 400; i++)
		__asm__ volatile("");
}

static void *blocks_again(void *arg)
{
	int round = (int)(intptr_t)arg;

	open_up(round);
	mask(SIG_BLOCK);
	handled_wait(round);
	return NULL;
}

static void *ends(void *arg)
{
	open_up((int)(intptr_t)arg);
	/* Not by the C library, which blocks signals before. */
	syscall(SYS_exit, 0);
	return arg;
}

/* Lets the signal in and sleeps. */
static void *waits(void *arg)
{
	int round = (int)(intptr_t)arg;

	mask(SIG_UNBLOCK);
	__atomic_store_n(&waiting, round, __ATOMIC_RELEASE);
	while (__atomic_load_n(&over, __ATOMIC_ACQUIRE) != round)
		nanosleep(&(struct timespec){ .tv_nsec = 10 * MS }, NULL); /* SIGUSR2 ends it */
	return NULL;
}

static void send_all(void *(*other)(void *), const char *what)
{
	int i, all = 1;

	handled = ready = waiting = over = 0;
	for (i = 1; i <= SIGNALS && all; i++) {
		/* Older threads are asked first. */
		pthread_t a = thread(other, (void *)(intptr_t)i), b = thread(waits, (void *)(intptr_t)i);

		while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) != i)
			__asm__ volatile("pause");
		must(kill(getpid(), SIGUSR1));
		all = handled_wait(i);
		__atomic_store_n(&over, i, __ATOMIC_RELEASE);
		pthread_kill(b, SIGUSR2);
		join(a);
		join(b);
	}
	check(all, "%s", what);
}

int main(void)
{
	struct sigaction act = { .sa_handler = count };

	must(sigaction(SIGUSR1, &act, NULL));
	act.sa_handler = nothing;
	must(sigaction(SIGUSR2, &act, NULL));
	mask(SIG_BLOCK);
	send_all(blocks_again, "one that blocks the signal");
	send_all(ends, "ones that end");
	return done();
}
