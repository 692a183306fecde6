// SPDX-License-Identifier: MIT
/*
 * slots.c - what is memory of the machine: the isle's extents, and Linux's pages that the program shares.
 *
 * A shared file mapping is mapped in this process at the program's address (serve/call.c). It becomes one more slot
 * of the machine, at an address above the isle's memory; the pin table (abi/isle/pin.h) tells the isle kernel that
 * address. Nothing is pinned: KVM follows this process's page tables. A slot lives until the isle has unmapped all of
 * it; parts of it may go earlier, and other slots may come where they were.
 */
#include "uhyve.h"

#include <isle/pin.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define LARGE      (2ull << 20)
#define ADDR_BITS  36   /* every 64-bit processor has them; KVM says more */

static int slot_set(struct vm *m, uint32_t slot, uint64_t gpa, uint64_t hva, uint64_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = size, .userspace_addr = hva,
	};

	return ioctl(m->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

/* Bits of the machine's addresses, as its CPUs believe: CPUID 0x80000008. */
static uint32_t addr_bits(struct vm *m)
{
	struct kvm_cpuid2 *c = calloc(1, sizeof(*c) + 256 * sizeof(c->entries[0]));
	uint32_t bits = ADDR_BITS, i;

	if (!c)
		return bits;
	c->nent = 256;
	if (ioctl(m->kvm, KVM_GET_SUPPORTED_CPUID, c) == 0)
		for (i = 0; i < c->nent; i++)
			if (c->entries[i].function == 0x80000008u && (c->entries[i].eax & 0xff) > bits)
				bits = c->entries[i].eax & 0xff;
	free(c);
	return bits < 52 ? bits : 52;
}

int slots_add_memory(struct vm *m, struct why *why)
{
	const struct isle_extent *last = &m->isle.extent[m->isle.nr_extents - 1];
	int most = ioctl(m->kvm, KVM_CHECK_EXTENSION, KVM_CAP_NR_MEMSLOTS), err;
	uint32_t i;

	m->pins_base = (last->hpa + last->size + (1ull << 30) - 1) & ~((1ull << 30) - 1);
	m->pins_end = 1ull << addr_bits(m);
	if (m->pins_base > m->pins_end)
		return why_say(why, -ENOSPC, "KVM's machines have addresses for %llu GiB of memory here: ask for less",
			       (unsigned long long)((m->pins_end - UHYVE_BASE) >> 30));
	m->max_slots = most > (int)UHYVE_SLOT_PINS ? (uint32_t)most : UHYVE_SLOT_PINS;
	for (i = 0; i < m->isle.nr_extents; i++) {
		const struct isle_extent *e = &m->isle.extent[i];

		err = slot_set(m, i, e->hpa, (uintptr_t)m->isle.mem + e->ipa, e->size);
		if (err)
			return why_say(why, err, "KVM: memory of the machine: %s", strerror(-err));
	}
	return 0;
}

/* Bytes from uva on that have pages behind them: a file may end inside the mapping. */
static uint64_t populate(uint64_t uva, uint64_t len, bool write)
{
	int advice = write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
	uint64_t done = 0, step = len;

	while (step >= ISLE_PAGE_SIZE && done < len) {
		uint64_t part = step < len - done ? step : len - done;

		if (madvise((void *)(uintptr_t)(uva + done), part, advice) == 0) {
			done += part;
			continue;
		}
		/* Older kernels do not know the advice: the mapping was populated when it was made. */
		if (errno == EINVAL)
			return len;
		step = (step / 2) & ~(ISLE_PAGE_SIZE - 1);
	}
	return done;
}

/* A number for one more slot, or 0: the isle's extents have the lowest. */
static uint32_t slot_free(struct vm *m)
{
	uint32_t i;

	if (!m->slot_used)
		m->slot_used = calloc(m->max_slots, sizeof(*m->slot_used));
	for (i = UHYVE_SLOT_PINS; m->slot_used && i < m->max_slots; i++)
		if (!m->slot_used[i])
			return i;
	return 0;
}

/* The lowest free address with the same place in a large page as uva, so that large pages stay large. 0: none. */
static uint64_t gpa_free(const struct vm *m, uint64_t uva, uint64_t len)
{
	uint64_t at = m->pins_base + (uva & (LARGE - 1));
	const struct pin_slot *s;
	bool moved = true;

	while (moved) {
		moved = false;
		for (s = m->pin_slots; s; s = s->next) {
			if (at >= s->gpa + s->size || s->gpa >= at + len)
				continue;
			at = ((s->gpa + s->size + LARGE - 1) & ~(LARGE - 1)) + (uva & (LARGE - 1));
			moved = true;
		}
	}
	return at < m->pins_end && len <= m->pins_end - at ? at : 0;
}

/* The isle kernel looks at it after the call has returned. */
static void table_fill(struct vm *m, uint64_t uva, uint64_t len, uint64_t gpa, bool write)
{
	struct isle_pins *table = (struct isle_pins *)(m->isle.mem + m->isle.at.pins);

	table->uva = uva;
	table->len = len;
	table->nr_runs = 1;
	table->writable = write;
	table->run[0] = (struct isle_pin_run){ .hpa = gpa, .pages = len / ISLE_PAGE_SIZE };
	__atomic_add_fetch(&table->sequence, 1, __ATOMIC_RELEASE);
}

static int pin_locked(struct vm *m, uint64_t uva, uint64_t len, bool write)
{
	struct pin_slot *s = calloc(1, sizeof(*s));
	struct pin_part *part = calloc(1, sizeof(*part));
	int err = s && part ? 0 : -ENOMEM;

	if (!err) {
		s->slot = slot_free(m);
		s->gpa = gpa_free(m, uva, len);
		s->size = len;
		err = s->slot && s->gpa ? slot_set(m, s->slot, s->gpa, uva, len) : -ENOSPC;
	}
	if (err) {
		free(s);
		free(part);
		return err;
	}
	*part = (struct pin_part){ .next = m->pin_parts, .slot = s, .uva = uva, .len = len };
	m->pin_parts = part;
	s->parts = 1;
	s->next = m->pin_slots;
	m->pin_slots = s;
	m->slot_used[s->slot] = true;
	table_fill(m, uva, len, s->gpa, write);
	return 0;
}

int slots_pin(struct vm *m, uint64_t uva, uint64_t *len, bool write)
{
	int err;

	*len = populate(uva, *len, write);
	if (!*len)
		return -EFAULT;
	pthread_mutex_lock(&m->pin_lock);
	err = pin_locked(m, uva, *len, write);
	pthread_mutex_unlock(&m->pin_lock);
	return err;
}

static void slot_drop(struct vm *m, struct pin_slot *s)
{
	struct pin_slot **at = &m->pin_slots;

	slot_set(m, s->slot, s->gpa, 0, 0);
	m->slot_used[s->slot] = false;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s);
}

/* What is behind end of a part that loses its middle. False for want of memory: then the slot stays for good. */
static void part_split(struct vm *m, const struct pin_part *part, uint64_t end)
{
	struct pin_part *rest = calloc(1, sizeof(*rest));

	part->slot->parts++;
	if (!rest)
		return;
	*rest = (struct pin_part){ .next = m->pin_parts, .slot = part->slot, .uva = end,
				   .len = part->uva + part->len - end };
	m->pin_parts = rest;
}

int slots_unpin(struct vm *m, uint64_t uva, uint64_t len)
{
	uint64_t end = uva + len;
	struct pin_part **at, *part;

	pthread_mutex_lock(&m->pin_lock);
	for (at = &m->pin_parts; (part = *at) != NULL;) {
		uint64_t part_end = part->uva + part->len;

		if (part->uva >= end || part_end <= uva) {
			at = &part->next;
			continue;
		}
		/* The rest goes in front of the list, where this loop does not come any more. */
		if (part_end > end)
			part_split(m, part, end);
		/* The head may be new: look for the part's place again. */
		for (at = &m->pin_parts; *at != part; at = &(*at)->next)
			;
		if (part->uva < uva) {
			part->len = uva - part->uva;
			at = &part->next;
			continue;
		}
		*at = part->next;
		if (--part->slot->parts == 0)
			slot_drop(m, part->slot);
		free(part);
	}
	pthread_mutex_unlock(&m->pin_lock);
	return 0;
}

void slots_close(struct vm *m)
{
	struct pin_part *part;
	struct pin_slot *s;

	while ((part = m->pin_parts) != NULL) {
		m->pin_parts = part->next;
		free(part);
	}
	while ((s = m->pin_slots) != NULL) {
		m->pin_slots = s->next;
		free(s);
	}
	free(m->slot_used);
	m->slot_used = NULL;
}
