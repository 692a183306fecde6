// SPDX-License-Identifier: MIT
/*
 * mirror.c - maps the program's memory in the proxy, as the isle's mirror log says.
 *
 * A worker applies all published entries, in order, under one lock, before it runs a call; so whatever a
 * call's arguments point to is mapped here at the same address when the call is made. Every entry is checked:
 * it must lie in the program's addresses (below ISLE_USER_TOP, where nothing of the proxy lives) and in isle
 * memory.
 */
#include "serve.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)
#define BROKEN    "the isle kernel broke its contract: "

static struct isle_mirror *mirror_of(struct server *server)
{
	return (struct isle_mirror *)(server->window + ISLE_WINDOW_MIRROR);
}

static const char *entry_check(const struct server *server, const struct isle_mirror_entry *entry)
{
	if ((entry->uva | entry->len | entry->ipa) & PAGE_LOW)
		return BROKEN "mirror entry is not page-aligned";
	if (entry->len == 0 || entry->uva < ISLE_USER_BOTTOM || entry->uva >= ISLE_USER_TOP ||
	    entry->len > ISLE_USER_TOP - entry->uva)
		return BROKEN "mirror entry lies outside the program's addresses";
	if (entry->prot & ~7u)
		return BROKEN "mirror entry has an unknown protection";
	if (entry->kind == ISLE_MIRROR_MAP &&
	    (entry->ipa >= server->mem_size || entry->len > server->mem_size - entry->ipa))
		return BROKEN "mirror entry lies outside isle memory";
	if (entry->kind < ISLE_MIRROR_MAP || entry->kind > ISLE_MIRROR_PROTECT)
		return BROKEN "mirror entry is of an unknown kind";
	return NULL;
}

/* The proxy never executes program memory, and Linux never writes where the program may not: prot without EXEC. */
static int entry_apply(struct server *server, const struct isle_mirror_entry *entry)
{
	void *addr = (void *)(uintptr_t)entry->uva;
	int prot = (int)(entry->prot & (PROT_READ | PROT_WRITE));

	switch (entry->kind) {
	case ISLE_MIRROR_MAP:
		return mmap(addr, entry->len, prot, MAP_SHARED | MAP_FIXED, server->mem_fd,
			    (off_t)(server->mem_off + entry->ipa)) == MAP_FAILED ? -errno : 0;
	case ISLE_MIRROR_UNMAP:
		return munmap(addr, entry->len) ? -errno : 0;
	default:
		/* Parts that were never populated are not mapped here: that is no error. */
		return mprotect(addr, entry->len, prot) && errno != ENOMEM ? -errno : 0;
	}
}

int mirror_apply(struct server *server)
{
	struct isle_mirror *mirror = mirror_of(server);
	uint64_t head = __atomic_load_n(&mirror->head, __ATOMIC_ACQUIRE); /* pairs with the isle's release */
	const char *why = NULL;
	int err = 0;

	/* Nothing new is the steady state: no lock. A stale tail only means taking the lock once too often. */
	if (head == __atomic_load_n(&server->mirror_tail, __ATOMIC_ACQUIRE))
		return 0;
	pthread_mutex_lock(&server->mirror_lock);
	head = __atomic_load_n(&mirror->head, __ATOMIC_ACQUIRE);
	if (head - server->mirror_tail > ISLE_MIRROR_ENTRIES)
		why = BROKEN "mirror head is out of bounds";
	while (!why && !err && server->mirror_tail != head) {
		struct isle_mirror_entry entry = mirror->entry[server->mirror_tail % ISLE_MIRROR_ENTRIES];

		/* The copy above must not be read again from shared memory. */
		atomic_signal_fence(memory_order_seq_cst);
		why = entry_check(server, &entry);
		if (!why)
			err = entry_apply(server, &entry);
		if (!why && !err)
			__atomic_store_n(&server->mirror_tail, server->mirror_tail + 1, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&mirror->tail, server->mirror_tail, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&server->mirror_lock);
	if (err == -ENOMEM)
		why = "the program's memory has too many parts for Linux: raise vm.max_map_count (sysctl), or the "
		      "limit of addresses (ulimit -v)";
	else if (err)
		why = "Linux could not map a part of the program's memory";
	if (why)
		server_fail(server, why);
	return why ? -EPROTO : 0;
}
