/* SPDX-License-Identifier: MIT */
/*
 * counts - how many instructions operations take, told by a TSC that counts them (QEMU's -icount shift=0).
 *
 * Prints one line an operation: its name, the least count of many, and how often it was tried. What reading
 * the TSC takes is taken off. The loop of known length tells whether the clock is what it should be.
 */
#define _GNU_SOURCE
#include "../lib/ticks.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE      4096ul
#define TIMES     200u
#define TOUCHES   511u    /* one less than makes a large page */
#define LOOP      1000u

static uint64_t overhead;

static void say(const char *name, uint64_t count, unsigned int times)
{
	printf("%-12s %8llu %6u\n", name, (unsigned long long)count, times);
}

/* The least of TIMES runs of a statement. */
#define LEAST(statement) __extension__ ({ \
	uint64_t least_ = ~0ull, one_; \
	unsigned int i_; \
	for (i_ = 0; i_ < TIMES; i_++) { \
		one_ = ticks(); \
		statement; \
		one_ = ticks() - one_; \
		least_ = one_ < least_ ? one_ : least_; \
	} \
	least_ - overhead; \
})

static void loop(void)
{
	uint32_t n = LOOP;

	__asm__ volatile("1: decl %0; jnz 1b" : "+r"(n));
}

static void clocks(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	say("clock", LEAST(clock_gettime(CLOCK_MONOTONIC, &ts)), TIMES);
	say("clock-call", LEAST(call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 0)), TIMES);
}

static void touches(void)
{
	char *p = mmap(NULL, TOUCHES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t start, sum = 0;
	unsigned int i;

	for (i = 0; i < TOUCHES; i++) {
		start = ticks();
		*(volatile char *)(p + i * PAGE) = 1;
		sum += ticks() - start - overhead;
	}
	say("touch", sum / TOUCHES, TOUCHES);
	munmap(p, TOUCHES * PAGE);
}

static void mappings(void)
{
	char *p;

	say("map", LEAST({
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		munmap(p, PAGE);
	}), TIMES);
	say("map-touch", LEAST({
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*(volatile char *)p = 1;
		munmap(p, PAGE);
	}), TIMES);
}

static void *nothing(void *arg)
{
	return arg;
}

static void threads(void)
{
	pthread_t t;

	say("thread", LEAST({
		pthread_create(&t, NULL, nothing, NULL);
		pthread_join(t, NULL);
	}), TIMES);
}

static volatile int stop;

static void *yielder(void *arg)
{
	while (!stop)
		call(SYS_sched_yield, 0, 0, 0);
	return arg;
}

static void switches(void)
{
	pthread_t t;

	pthread_create(&t, NULL, yielder, NULL);
	/* It must have begun. */
	sched_yield();
	sched_yield();
	say("switches", LEAST(call(SYS_sched_yield, 0, 0, 0)), TIMES);
	stop = 1;
	pthread_join(t, NULL);
}

/* What the isle did until main, in ticks: its processor time, by the rate of the same clock. */
static uint64_t start_count(uint64_t used_ns)
{
	struct timespec a, b;
	uint64_t from, ns;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &a);
	from = ticks();
	for (i = 0; i < 1000; i++)
		loop();
	clock_gettime(CLOCK_MONOTONIC, &b);
	from = ticks() - from;
	ns = (uint64_t)(b.tv_sec - a.tv_sec) * 1000000000u + (uint64_t)(b.tv_nsec - a.tv_nsec);
	return used_ns * from / ns;
}

int main(void)
{
	static uint32_t word;
	struct timespec used;
	unsigned int i;
	uint64_t one;

	call(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, (long)&used, 0);
	overhead = ~0ull;
	for (i = 0; i < TIMES; i++) {
		one = ticks();
		one = ticks() - one;
		overhead = one < overhead ? one : overhead;
	}
	say("start", start_count((uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec), 1);
	say("loop", LEAST(loop()), TIMES);
	say("getpid", LEAST(call(SYS_getpid, 0, 0, 0)), TIMES);
	say("yield", LEAST(call(SYS_sched_yield, 0, 0, 0)), TIMES);
	say("wake", LEAST(call(SYS_futex, (long)&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1)), TIMES);
	clocks();
	touches();
	mappings();
	threads();
	switches();
	return 0;
}
