// SPDX-License-Identifier: MIT
/*
 * qemu_listen.c - reads all that comes from QEMU: bells, the question for the time, words, and at last its end.
 */
#include "qemu_priv.h"

#include <isle/qemu.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GONE_MS  2000   /* for QEMU to be gone when it was killed */

/* The attempt that took least time is the best. */
struct moment qemu_moment(void)
{
	struct moment best = { 0, 0 };
	uint64_t least = UINT64_MAX;
	struct timespec t;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		uint64_t before = __builtin_ia32_rdtsc(), took;

		clock_gettime(CLOCK_MONOTONIC_RAW, &t);
		took = __builtin_ia32_rdtsc() - before;
		if (took >= least)
			continue;
		least = took;
		best.tsc = before + took / 2;
		best.ns = (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
	}
	return best;
}

/*
 * The isle's TSC counts as ours does, from another beginning. What it read when it asked is in the boot page; that the
 * question took a while to come here the isle takes into account itself.
 */
static void clock_tell(struct qemu *q)
{
	struct isle_boot *boot = q->m.boot;
	struct moment now;
	uint64_t ns;

	if (__atomic_load_n(&boot->route, __ATOMIC_RELAXED) != ISLE_ROUTE_NONE)
		return;
	now = qemu_moment();
	ns = now.ns - q->started.ns;
	memfd_clock(&q->m, (uint64_t)((unsigned __int128)(now.tsc - q->started.tsc) * 1000000 / (ns ? ns : 1)),
		    boot->entry_tsc - now.tsc);
	/* Release: the isle reads the time when it sees the route, which says nothing else here. */
	__atomic_store_n(&boot->route, ISLE_ROUTE(1, 0, 0), __ATOMIC_RELEASE);
}

/* False: the other side is closed. */
static bool bells_take(struct qemu *q)
{
	uint8_t bytes[256];
	ssize_t n = recv(q->bell, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (memchr(bytes, ISLE_QEMU_BYTE_CLOCK, (size_t)n))
		clock_tell(q);
	if (memchr(bytes, ISLE_QEMU_BYTE_BELL, (size_t)n))
		memfd_bell(&q->m);
	return n != 0;
}

/* The first of them are kept, in case they are the last. False: there will be no more. */
static bool words_take(struct qemu *q)
{
	char text[256];
	ssize_t n = read(q->child.words, text, sizeof(text));
	size_t room = sizeof(q->words) - 1 - q->nr_words, part;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	part = (size_t)n < room ? (size_t)n : room;
	memcpy(q->words + q->nr_words, text, part);
	q->nr_words += part;
	return n != 0;
}

/* The first line that says something. */
static const char *words_line(struct qemu *q)
{
	char *at = q->words;

	q->words[q->nr_words] = 0;
	at += strspn(at, "\r\n ");
	at[strcspn(at, "\r\n")] = 0;
	return at;
}

static void end_describe(struct qemu *q, int status, char *why, size_t size)
{
	const char *said = words_line(q);

	if (WIFSIGNALED(status))
		snprintf(why, size, "QEMU was killed by signal %d (%s)%s%.160s", WTERMSIG(status),
			 strsignal(WTERMSIG(status)), *said ? ": " : "", said);
	else if (WEXITSTATUS(status) == 0 && !*said)
		snprintf(why, size, "QEMU ended the machine: it was told to, or the isle reset it (triple fault)");
	else
		snprintf(why, size, "QEMU ended with status %d%s%.160s", WEXITSTATUS(status), *said ? ": " : "", said);
}

/* Everything of QEMU's has gone: says how the isle ended. */
static void end_say(struct qemu *q)
{
	uint32_t state = __atomic_load_n(&q->m.boot->state, __ATOMIC_ACQUIRE);
	struct pollfd words = { .fd = q->child.words, .events = POLLIN };
	char why[ISLE_TEXT_SIZE];
	int status;

	/* QEMU holds the pipe as long as it lives, and a killed guard does not wait for it. */
	while (words_take(q) && poll(&words, 1, GONE_MS) > 0)
		;
	if (!qemu_child_status(&q->child, &status))
		snprintf(why, sizeof(why), "the process that guards QEMU was killed, and QEMU with it");
	else
		end_describe(q, status, why, sizeof(why));
	pthread_mutex_lock(&q->lock);
	if (state == ISLE_STATE_STOPPED || state == ISLE_STATE_PANICKED)
		memfd_ended(&q->m, 0, NULL);
	else
		memfd_ended(&q->m, q->doom ? q->doom : ISLE_LIFE_KILLED, q->doom ? q->doom_why : why);
	pthread_mutex_unlock(&q->lock);
}

void *qemu_listen(void *opaque)
{
	struct qemu *q = opaque;
	struct pollfd fds[3] = {
		{ .fd = q->child.control, .events = POLLIN },
		{ .fd = q->bell, .events = POLLIN },
		{ .fd = q->child.words, .events = POLLIN },
	};

	worker_signals();
	do {
		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[1].revents && !bells_take(q))
			fds[1].fd = -1;
		if (fds[2].revents && !words_take(q))
			fds[2].fd = -1;
	} while (!fds[0].revents);
	end_say(q);
	return NULL;
}
