// SPDX-License-Identifier: MIT
/*
 * channel.c - on an isle: what forwarded calls cost, by the counters of the core, read before and after each.
 *
 * Usage: channel polling|sleeping|bulk, which print TAP, or channel times N: N times a mebibyte through a pipe and a
 * file, for who compares what the proxy counted for different N. `polling` wants an isle that waits long for an answer
 * before it gives its core away. Catches: a second message a call, an interrupt to somebody awake, a copy of what Linux
 * copies.
 */
#include "counters.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CALLS  2000
#define NAPS   20
#define BULK   (1u << 20)

static const volatile uint64_t *here;
static int tests;

/* What one call cost. */
struct cost {
	uint64_t calls, out, in, rings_out, rings_in, slept, copied, faults;
};

static struct cost cost_since(const struct counters *before)
{
	return (struct cost){
		.calls = counters_since(here, before, ISLE_COUNTER_SYSCALLS_FORWARDED),
		.out = counters_since(here, before, ISLE_COUNTER_MESSAGES_OUT),
		.in = counters_since(here, before, ISLE_COUNTER_MESSAGES_IN),
		.rings_out = counters_since(here, before, ISLE_COUNTER_DOORBELLS_OUT),
		.rings_in = counters_since(here, before, ISLE_COUNTER_DOORBELLS_IN),
		.slept = counters_since(here, before, ISLE_COUNTER_CALLS_SLEPT),
		.copied = counters_since(here, before, ISLE_COUNTER_BYTES_COPIED),
		.faults = counters_since(here, before, ISLE_COUNTER_PAGE_FAULTS),
	};
}

static void result(int good, const char *name)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
}

static void compute(long ms)
{
	struct timespec at, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += ms * 1000000;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do
		clock_gettime(CLOCK_MONOTONIC, &at);
	while (at.tv_sec < end.tv_sec || (at.tv_sec == end.tv_sec && at.tv_nsec < end.tv_nsec));
}

/* What a number of calls cost, each looked at by itself. */
struct tally {
	unsigned int calls, messages_wrong, many_out, many_in, copies, silent, woke, answered_asleep;
};

static void calls_make(struct tally *tally, unsigned int n, long pause_ms)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct counters before;
		struct cost cost;

		if (pause_ms)
			compute(pause_ms);
		counters_take(here, &before);
		getppid();
		cost = cost_since(&before);
		tally->calls++;
		tally->messages_wrong += cost.calls != 1 || cost.out != 1 || cost.in != 1;
		tally->many_out += cost.rings_out > 1;
		tally->many_in += cost.rings_in > 1;
		tally->copies += cost.copied != 0;
		tally->silent += cost.rings_out == 0 && cost.rings_in == 0;
		tally->woke += cost.rings_out == 1;
		tally->answered_asleep += cost.slept == 1 && cost.rings_in == 1;
	}
	printf("# of %u calls %u without an interrupt; %u woke a worker, %u were answered asleep\n", tally->calls,
	       tally->silent, tally->woke, tally->answered_asleep);
	result(tally->messages_wrong == 0, "a call is one message to the proxy and one back");
	result(tally->many_out == 0, "at most one interrupt to Linux a call");
	result(tally->many_in == 0, "at most one interrupt from Linux a call");
	result(tally->copies == 0, "a call without buffers copies nothing");
}

/* Calls in a row find the worker polling, but where this machine takes its processor away meanwhile. */
static void polling(void)
{
	struct tally tally = { 0 };

	calls_make(&tally, 2000, 0);
	result(tally.silent >= tally.calls / 10, "no interrupt in either direction while both sides poll");
}

/* Calls after a pause find it asleep; how long this side waits awake is for who starts the isle. */
static void sleeping(void)
{
	struct tally tally = { 0 };

	calls_make(&tally, 20, 50);
	result(tally.woke > 0, "one interrupt to Linux when the worker sleeps");
	result(tally.answered_asleep > 0, "one from Linux when the isle's core sleeps");
}

static void bulk_one(const char *name, ssize_t (*call)(int, char *), int fd, char *buffer)
{
	struct counters before;
	struct cost cost;
	char text[80];
	ssize_t got;

	counters_take(here, &before);
	got = call(fd, buffer);
	cost = cost_since(&before);
	printf("# %s: %zd bytes, %llu calls, %llu messages, %llu bytes copied, %llu faults\n", name, got,
	       (unsigned long long)cost.calls, (unsigned long long)(cost.out + cost.in),
	       (unsigned long long)cost.copied, (unsigned long long)cost.faults);
	snprintf(text, sizeof(text), "%s of 1 MiB is one call, and the isle kernel copies nothing", name);
	result(got == BULK && cost.calls == 1 && cost.out == 1 && cost.in == 1 && !cost.copied && !cost.faults, text);
}

static ssize_t do_write(int fd, char *buffer)
{
	return write(fd, buffer, BULK);
}

static ssize_t do_read(int fd, char *buffer)
{
	return read(fd, buffer, BULK);
}

static ssize_t do_pread(int fd, char *buffer)
{
	return pread(fd, buffer, BULK, 0);
}

/* times 0: looks at each call by itself, after a round that makes all code and memory present. */
static void bulk(unsigned int times)
{
	char *buffer = malloc(BULK);
	int pipes[2], fd = memfd_create("bulk", MFD_CLOEXEC);
	unsigned int i;

	if (!buffer || fd < 0 || pipe(pipes) || fcntl(pipes[1], F_SETPIPE_SZ, BULK) < (int)BULK) {
		puts("Bail out! no buffer, file or pipe");
		exit(99);
	}
	memset(buffer, 'x', BULK);
	for (i = 0; i < (times ? times : 1); i++)
		if (do_write(pipes[1], buffer) != BULK || do_read(pipes[0], buffer) != BULK ||
		    pwrite(fd, buffer, BULK, 0) != BULK || do_pread(fd, buffer) != BULK)
			exit(98);
	if (!times) {
		bulk_one("write to a pipe", do_write, pipes[1], buffer);
		bulk_one("read from a pipe", do_read, pipes[0], buffer);
		bulk_one("write to a file", do_write, fd, buffer);
		bulk_one("pread from a file", do_pread, fd, buffer);
	}
	free(buffer);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	here = counters_here();
	if (!here) {
		puts("Bail out! there are no counters: this is no isle");
		return 99;
	}
	/* The way there is not part of what is counted. */
	getppid();
	compute(1);
	if (!strcmp(what, "polling"))
		polling();
	else if (!strcmp(what, "sleeping"))
		sleeping();
	else if (!strcmp(what, "bulk"))
		bulk(0);
	else if (!strcmp(what, "times") && argc > 2)
		bulk((unsigned int)atoi(argv[2]));
	else
		return 2;
	if (tests)
		printf("1..%d\n", tests);
	return 0;
}
