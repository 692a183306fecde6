// SPDX-License-Identifier: MIT
/*
 * target.c - one request at a time through the block in the window, each wait bounded.
 */
#include "target.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <isle/window.h>

#define ANSWER_MS  10000u   /* longer than the isle kernel waits for threads to stop */
#define SPINS      20000u   /* then the proxy sleeps between looks */

void target_init(struct target *target, struct server *server)
{
	target->server = server;
	target->block = (struct isle_debug *)(server->window + ISLE_WINDOW_DEBUG);
	target->stops = 0;
}

static bool ended(const struct target *target)
{
	return __atomic_load_n(&target->server->stopping, __ATOMIC_ACQUIRE);
}

static int answer_await(struct target *target, uint32_t number)
{
	struct timespec nap = { .tv_nsec = 1000000 };
	uint32_t i;

	for (i = 0; i < SPINS + ANSWER_MS; i++) {
		if (__atomic_load_n(&target->block->done, __ATOMIC_ACQUIRE) == number)
			return 0;
		if (ended(target))
			return -ESHUTDOWN;
		if (i < SPINS) {
			__builtin_ia32_pause();
			continue;
		}
		nanosleep(&nap, NULL);
		/* Rings are hints: one may be lost. */
		if (i % 100 == 0)
			target->server->ops->ring(target->server->ctx, 0);
	}
	return -ETIME;
}

/* The other words of the block are filled. The isle's result, or -errno. */
static int request(struct target *target, uint32_t op)
{
	struct isle_debug *block = target->block;
	uint32_t number = block->request + 1;
	int err;

	if (ended(target))
		return -ESHUTDOWN;
	block->op = op;
	__atomic_store_n(&block->request, number, __ATOMIC_RELEASE);
	target->server->ops->ring(target->server->ctx, 0);
	err = answer_await(target, number);
	return err ? err : block->result;
}

/* Like request, for answers of records: their number. */
static int records(struct target *target, uint32_t op, void *to, size_t size)
{
	int bytes = request(target, op);

	if (bytes < 0)
		return bytes;
	if (bytes > (int)ISLE_DEBUG_DATA || (size_t)bytes % size)
		return -EPROTO;
	memcpy(to, target->block->data, (size_t)bytes);
	return (int)((size_t)bytes / size);
}

static void words(struct target *target, uint32_t tid, uint64_t addr, uint32_t len, uint32_t arg, uint32_t flags)
{
	struct isle_debug *block = target->block;

	block->tid = tid;
	block->addr = addr;
	block->len = len;
	block->arg = arg;
	block->flags = flags;
}

int target_attach(struct target *target)
{
	words(target, 0, 0, 0, 0, 0);
	return request(target, ISLE_DEBUG_ATTACH);
}

int target_detach(struct target *target)
{
	words(target, 0, 0, 0, 0, 0);
	return request(target, ISLE_DEBUG_DETACH);
}

int target_stop(struct target *target)
{
	words(target, 0, 0, 0, 0, 0);
	return request(target, ISLE_DEBUG_STOP);
}

int target_continue(struct target *target, uint32_t tid, uint32_t signo, uint32_t flags)
{
	words(target, tid, 0, 0, signo, flags);
	return request(target, ISLE_DEBUG_CONTINUE);
}

int target_threads(struct target *target, struct isle_debug_thread *threads)
{
	words(target, 0, 0, 0, 0, 0);
	return records(target, ISLE_DEBUG_THREADS, threads, sizeof(*threads));
}

int target_regs(struct target *target, uint32_t tid, struct isle_debug_regs *regs)
{
	int n;

	words(target, tid, 0, 0, 0, 0);
	n = request(target, ISLE_DEBUG_REGS);
	if (n != (int)sizeof(*regs))
		return n < 0 ? n : -EPROTO;
	memcpy(regs, target->block->data, sizeof(*regs));
	return 0;
}

int target_regs_set(struct target *target, uint32_t tid, const struct isle_debug_regs *regs)
{
	words(target, tid, 0, sizeof(*regs), 0, 0);
	memcpy(target->block->data, regs, sizeof(*regs));
	return request(target, ISLE_DEBUG_REGS_SET);
}

int target_fpu(struct target *target, uint32_t tid, uint8_t *area)
{
	words(target, tid, 0, 0, 0, 0);
	return records(target, ISLE_DEBUG_FPU, area, 1);
}

int target_fpu_set(struct target *target, uint32_t tid, const uint8_t *area, uint32_t size)
{
	if (size > ISLE_DEBUG_DATA)
		return -EINVAL;
	words(target, tid, 0, size, 0, 0);
	memcpy(target->block->data, area, size);
	return request(target, ISLE_DEBUG_FPU_SET);
}

int target_read(struct target *target, uint64_t addr, void *to, uint32_t len, bool present)
{
	int n;

	if (len > ISLE_DEBUG_DATA)
		len = ISLE_DEBUG_DATA;
	words(target, 0, addr, len, 0, present ? ISLE_DEBUG_F_PRESENT : 0);
	n = request(target, ISLE_DEBUG_READ);
	if (n < 0)
		return n;
	if (n > (int)len)
		return -EPROTO;
	memcpy(to, target->block->data, (size_t)n);
	return n;
}

int target_write(struct target *target, uint64_t addr, const void *from, uint32_t len)
{
	int err = 0;

	while (len && !err) {
		uint32_t part = len < ISLE_DEBUG_DATA ? len : ISLE_DEBUG_DATA;

		words(target, 0, addr, part, 0, 0);
		memcpy(target->block->data, from, part);
		err = request(target, ISLE_DEBUG_WRITE);
		addr += part;
		from = (const char *)from + part;
		len -= part;
	}
	return err;
}

int target_regions(struct target *target, uint64_t addr, struct isle_debug_region *regions)
{
	words(target, 0, addr, 0, 0, 0);
	return records(target, ISLE_DEBUG_REGIONS, regions, sizeof(*regions));
}

int target_auxv(struct target *target, void *to)
{
	words(target, 0, 0, 0, 0, 0);
	return records(target, ISLE_DEBUG_AUXV, to, 1);
}

bool target_held(const struct target *target)
{
	return __atomic_load_n(&target->block->stops, __ATOMIC_ACQUIRE) != 0;
}

bool target_stopped(struct target *target, struct target_stop *stop)
{
	const struct isle_debug *block = target->block;
	uint32_t stops = __atomic_load_n(&block->stops, __ATOMIC_ACQUIRE);

	if (stops == target->stops)
		return false;
	target->stops = stops;
	stop->tid = block->stop_tid;
	stop->signo = block->stop_signo <= 64 ? block->stop_signo : 5;
	stop->fatal = block->stop_fatal;
	memcpy(stop->info, block->stop_info, sizeof(stop->info));
	return true;
}
