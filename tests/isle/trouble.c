/* SPDX-License-Identifier: MIT */
/*
 * trouble.c - a program that makes the trouble its argument names, and mostly ends of it; the scripts here run it on
 * an isle.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIB (1024ul * 1024)

static void jump_nowhere(void)
{
	void (*volatile nowhere)(void) = (void (*)(void))(uintptr_t)0x1000;

	nowhere();
}

static void divide(void)
{
	volatile int zero = 0, many = 1000;

	printf("%d\n", many / zero);
}

static volatile char *volatile deepest;

#pragma GCC diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static int overflow(int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	deepest = frame;
	return overflow(depth + 1) + frame[0];
}

/* Touches what it gets until it gets no more, or is ended for it. */
static void eat(void)
{
	size_t got = 0;

	for (;;) {
		char *block = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (block == MAP_FAILED) {
			printf("%s after some\n", errno == ENOMEM && got ? "ENOMEM" : "not ENOMEM");
			return;
		}
		memset(block, 1, 16 * MIB);
		got++;
	}
}

static sem_t over;

static void *wait_over(void *arg)
{
	sem_wait(&over);
	return arg;
}

/* As many threads as it gets; all of them must end. */
static void threads(void)
{
	static pthread_t thread[100000];
	pthread_attr_t attr;
	size_t n = 0, i;
	int err = 0;

	sem_init(&over, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	while (n < sizeof(thread) / sizeof(thread[0]) && !(err = pthread_create(&thread[n], &attr, wait_over, NULL)))
		n++;
	for (i = 0; i < n; i++)
		sem_post(&over);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	printf("%s, %s\n", err == EAGAIN ? "EAGAIN" : strerror(err), n >= 100 ? "after many" : "after few");
}

static void wait_for_signal(void)
{
	puts("here");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "jump"))
		jump_nowhere();
	else if (!strcmp(what, "divide"))
		divide();
	else if (!strcmp(what, "overflow"))
		return overflow(0) & 1;
	else if (!strcmp(what, "eat"))
		eat();
	else if (!strcmp(what, "threads"))
		threads();
	else if (!strcmp(what, "close"))
		return close(-1) != -1;
	else if (!strcmp(what, "wait"))
		wait_for_signal();
	else if (!strcmp(what, "privileged"))
		__asm__ volatile("cli");
	else
		return 2;
	return 0;
}
