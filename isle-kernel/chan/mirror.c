// SPDX-License-Identifier: MIT
/*
 * mirror.c - collects mirror entries, publishes them with a call, and keeps frames until the proxy
 * has let go.
 *
 * Entries are written into the ring at once but become the proxy's only when head moves, so that a
 * program that makes no calls shares no cache line. The last entry, while it is not published,
 * grows when the next change continues it: memory touched page by page becomes one entry.
 */
#include <kern/mirror.h>

#include <kern/boot.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/kmalloc.h>
#include <kern/lock.h>
#include <kern/panic.h>

#include <isle/call.h>
#include <isle/mirror.h>
#include <isle/window.h>

/* Frames that wait for the proxy: a chunk of a list in the order of positions. */
#define HELD_CHUNK  250u

struct held {
	struct held *next;
	uint32_t first, end;        /* used entries are [first, end) */
	struct {
		isle_hpa_t hpa;
		uint64_t position : 40; /* free when the proxy's tail is at or behind it */
		uint64_t frames : 24;
	} run[HELD_CHUNK];
};

static struct spinlock lock = SPINLOCK_INIT;  /* guards all below */
static uint64_t next;                          /* entries written */
static uint64_t published;
static struct held *held_first, *held_last;

static struct isle_mirror *ring_of(void)
{
	return window_at(ISLE_WINDOW_MIRROR);
}

/* The proxy's position, if it makes sense; ours as far as published otherwise nothing is freed. */
static uint64_t tail_read(void)
{
	uint64_t tail = __atomic_load_n(&ring_of()->tail, __ATOMIC_ACQUIRE);

	return tail <= published ? tail : 0;
}

/* True if the last entry is not the proxy's yet and [uva...] continues it. Lock held. */
static bool entry_join(uint32_t kind, isle_uva_t uva, isle_ipa_t ipa, uint64_t size, uint32_t prot)
{
	struct isle_mirror_entry *last;

	if (next == published)
		return false;
	last = &ring_of()->entry[(next - 1) % ISLE_MIRROR_ENTRIES];
	if (last->kind != kind || last->prot != prot || last->uva + last->len != uva)
		return false;
	if (kind == ISLE_MIRROR_MAP && last->ipa + last->len != ipa)
		return false;
	last->len += size;
	return true;
}

static void entry_add(uint32_t kind, isle_uva_t uva, isle_ipa_t ipa, uint64_t size, uint32_t prot)
{
	spin_lock(&lock);
	while (!entry_join(kind, uva, ipa, size, prot)) {
		if (next - tail_read() < ISLE_MIRROR_ENTRIES) {
			ring_of()->entry[next % ISLE_MIRROR_ENTRIES] =
				(struct isle_mirror_entry){ uva, ipa, size, prot, kind };
			next++;
			break;
		}
		spin_unlock(&lock);
		chan_isle_call(ISLE_CALL_SYNC, 0, 0, 0, 0, 0, 0);
		spin_lock(&lock);
	}
	spin_unlock(&lock);
}

void mirror_map(isle_uva_t uva, isle_hpa_t hpa, uint64_t size, uint32_t prot)
{
	entry_add(ISLE_MIRROR_MAP, uva, hpa_to_ipa(hpa), size, prot);
}

void mirror_unmap(isle_uva_t uva, uint64_t size)
{
	entry_add(ISLE_MIRROR_UNMAP, uva, 0, size, 0);
}

void mirror_protect(isle_uva_t uva, uint64_t size, uint32_t prot)
{
	entry_add(ISLE_MIRROR_PROTECT, uva, 0, size, prot);
}

void mirror_publish(void)
{
	/* The steady state: nothing new, no lock and no store. */
	if (__atomic_load_n(&next, __ATOMIC_RELAXED) == __atomic_load_n(&published, __ATOMIC_RELAXED))
		return;
	spin_lock(&lock);
	published = next;
	/* Release: the entries are complete. */
	__atomic_store_n(&ring_of()->head, next, __ATOMIC_RELEASE);
	spin_unlock(&lock);
}

/* Room for one more run at the end of the list. Lock held. */
static struct held *held_room(void)
{
	struct held *chunk = held_last;

	if (chunk && chunk->end < HELD_CHUNK)
		return chunk;
	chunk = kzalloc(sizeof(*chunk));
	if (!chunk)
		return NULL;
	if (held_last)
		held_last->next = chunk;
	else
		held_first = chunk;
	held_last = chunk;
	return chunk;
}

void mirror_release(isle_hpa_t hpa, uint32_t nr)
{
	struct held *chunk;

	spin_lock(&lock);
	chunk = held_room();
	if (chunk) {
		chunk->run[chunk->end].hpa = hpa;
		chunk->run[chunk->end].position = next;
		chunk->run[chunk->end++].frames = nr;
	}
	spin_unlock(&lock);
	/* No memory to remember it: wait for the proxy instead. */
	if (!chunk) {
		chan_isle_call(ISLE_CALL_SYNC, 0, 0, 0, 0, 0, 0);
		frame_free(hpa, nr);
	}
	mirror_reclaim(false);
}

/* Takes the first run that the proxy has passed off the list. Lock held. */
static bool held_take(uint64_t tail, isle_hpa_t *hpa, uint32_t *frames)
{
	struct held *chunk = held_first;

	if (!chunk || chunk->first == chunk->end || chunk->run[chunk->first].position > tail)
		return false;
	*hpa = chunk->run[chunk->first].hpa;
	*frames = chunk->run[chunk->first++].frames;
	if (chunk->first == chunk->end) {
		held_first = chunk->next;
		if (!held_first)
			held_last = NULL;
		kfree(chunk);
	}
	return true;
}

uint64_t mirror_reclaim(bool force)
{
	uint64_t freed = 0, tail;
	isle_hpa_t hpa;
	uint32_t frames;

	if (force && held_first)
		chan_isle_call(ISLE_CALL_SYNC, 0, 0, 0, 0, 0, 0);
	spin_lock(&lock);
	tail = tail_read();
	while (held_take(tail, &hpa, &frames)) {
		frame_free(hpa, frames);
		freed += frames;
	}
	spin_unlock(&lock);
	return freed;
}
