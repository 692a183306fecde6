// SPDX-License-Identifier: MIT
/*
 * record.c - memory of the tool and the sums over it.
 */
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Initial-exec: reading it is one load, and its first use in a thread allocates nothing. */
static __thread struct record *mine __attribute__((tls_model("initial-exec")));
static struct record *records;

/* Not malloc: the tool must neither use nor disturb the allocator of the program. */
static void *memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct record *record_reuse(void)
{
	struct record *rec;
	uint32_t free;

	for (rec = record_first(); rec; rec = rec->next) {
		free = 0;
		if (__atomic_compare_exchange_n(&rec->used, &free, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return rec;
	}
	return NULL;
}

struct record *record_get(void)
{
	struct record *rec = mine;

	if (rec)
		return rec;
	rec = record_reuse();
	if (!rec) {
		rec = memory(sizeof(*rec));
		if (!rec)
			return NULL;
		rec->used = 1;
		rec->next = __atomic_load_n(&records, __ATOMIC_RELAXED);
		while (!__atomic_compare_exchange_n(&records, &rec->next, rec, true,
						    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			;
	}
	mine = rec;
	return rec;
}

void record_release(void)
{
	struct record *rec = mine;

	mine = NULL;
	if (rec)
		__atomic_store_n(&rec->used, 0, __ATOMIC_RELEASE);
}

struct record *record_first(void)
{
	return __atomic_load_n(&records, __ATOMIC_ACQUIRE);
}

struct region *record_region(struct record *rec, const void *code)
{
	uint64_t hash = (uint64_t)(uintptr_t)code * 0x9e3779b97f4a7c15u;
	uint32_t first = (uint32_t)(hash >> 40), i;
	struct region *r;

	for (i = 0; i < RECORD_REGIONS; i++) {
		r = &rec->region[(first + i) % RECORD_REGIONS];
		if (r->code == code && r->threads)
			return r;
		if (!r->threads) {
			r->code = code;
			r->threads = 1;
			return r;
		}
	}
	return NULL;
}

struct team *record_team(struct record *rec, uint32_t threads)
{
	struct team *team = rec->pool;

	if (!threads)
		threads = 1;
	if (team)
		rec->pool = team->next;
	else
		team = memory(sizeof(*team));
	if (!team)
		return NULL;
	if (team->capacity < threads) {
		struct slot *slots = memory(threads * sizeof(*slots));

		if (!slots) {
			record_team_put(rec, team);
			return NULL;
		}
		/* The old slots stay: a worker may still be about to look at one of them. */
		team->slots = slots;
		team->capacity = threads;
	}
	team->serial++;
	team->seq = 0;
	team->nr = 0;
	team->lost = 0;
	return team;
}

void record_team_put(struct record *rec, struct team *team)
{
	team->next = rec->pool;
	rec->pool = team;
}

/*
 * The barrier could open when the last thread had nothing left to do. Each thread lost the time
 * from its arrival until then, except what it spent in tasks. A thread that did not arrive (a
 * cancelled region) takes no part.
 */
void record_barrier(struct team *team, uint32_t seq)
{
	uint64_t open = 0, used = 0, n = 0, done;
	uint32_t i, nr = team->nr < team->capacity ? team->nr : team->capacity;

	for (i = 0; i < nr; i++) {
		const struct slot *s = &team->slots[i];
		const struct arrival *a = &s->arrive[seq & 1];

		if (__atomic_load_n(&s->serial, __ATOMIC_RELAXED) != team->serial ||
		    __atomic_load_n(&s->seq, __ATOMIC_ACQUIRE) < seq)
			continue;
		done = __atomic_load_n(&a->done, __ATOMIC_RELAXED);
		if (done > open)
			open = done;
		used += __atomic_load_n(&a->at, __ATOMIC_RELAXED) +
			__atomic_load_n(&a->busy, __ATOMIC_RELAXED);
		n++;
	}
	team->lost += n * open - used;
}

static void region_add(struct region *to, const struct region *r)
{
	unsigned int k;

	to->count += r->count;
	to->ticks += r->ticks;
	to->thread_ticks += r->thread_ticks;
	to->lost += r->lost;
	to->sampled += r->sampled;
	to->sampled_ticks += r->sampled_ticks;
	if (r->max > to->max)
		to->max = r->max;
	if (r->threads > to->threads)
		to->threads = r->threads;
	for (k = 0; k < NR_NOISE; k++)
		to->noise[k] += r->noise[k];
}

static int by_code(const void *va, const void *vb)
{
	const struct region *a = va, *b = vb;
	uintptr_t ca = (uintptr_t)a->code, cb = (uintptr_t)b->code;

	return ca < cb ? -1 : ca > cb;
}

static int by_time(const void *va, const void *vb)
{
	const struct region *a = va, *b = vb;

	if (a->ticks != b->ticks)
		return a->ticks > b->ticks ? -1 : 1;
	return by_code(va, vb);
}

int record_merge(struct region **regions, uint64_t *dropped)
{
	struct region *all;
	struct record *rec;
	unsigned int i, n = 0, merged = 0;

	*dropped = 0;
	for (rec = record_first(); rec; rec = rec->next)
		n++;
	all = calloc((size_t)n * RECORD_REGIONS + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	n = 0;
	for (rec = record_first(); rec; rec = rec->next) {
		*dropped += rec->dropped;
		for (i = 0; i < RECORD_REGIONS; i++)
			if (rec->region[i].count)
				all[n++] = rec->region[i];
	}
	qsort(all, n, sizeof(*all), by_code);
	for (i = 0; i < n; i++)
		if (merged && all[merged - 1].code == all[i].code)
			region_add(&all[merged - 1], &all[i]);
		else
			all[merged++] = all[i];
	qsort(all, merged, sizeof(*all), by_time);
	*regions = all;
	return (int)merged;
}
