/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_PARK_H
#define ISLE_PARK_H

#include <linux/types.h>

struct isle_rcpu;

/*
 * First part of a core's data page (park_layout.h has the offsets for the assembler).
 *
 * A request is a number: Linux fills cr3, entry and arg, then increments request and sends
 * ISLE_VECTOR_PARK; the core answers with taken = request. entry 0 only asks for the answer.
 * The isle whose core it is can write all of this: what is read here is checked, and believed
 * only after such an answer.
 */
struct park_mailbox {
	u32 magic;
	u32 state;          /* PARK_STATE_*, core */
	u64 request;        /* Linux */
	u64 cr3;
	u64 entry;
	u64 arg;
	u64 reserved0[3];

	u64 taken;          /* core */
	u64 arrivals;       /* times it came to the park loop */
	u64 interrupts;     /* taken there */
	u64 nmis;
	u64 mchecks;
	u64 reserved1[3];

	u64 vector;         /* core, valid in PARK_STATE_FAULT */
	u64 error;
	u64 rip;
	u64 cr2;
};

/* The park's own pages. -ENOMEM. exit: no core may be in the park loop any more. */
int isle_park_init(void);
void isle_park_exit(void);

/* A data page for a CPU of the reserve: sets its slot and mailbox. -ENOMEM, -ENOSPC. */
int isle_park_slot_take(struct isle_rcpu *cpu);
void isle_park_slot_give_back(struct isle_rcpu *cpu);

/* As a new core would find it; to be called before a core is brought (back) into the loop. */
void isle_park_reset(struct isle_rcpu *cpu);
/* Writes the code page anew if it differs from what it was. Returns whether it did. */
bool isle_park_repair(void);
/* Maps a page below 1 MiB at its own address in the park's tables, or unmaps it (0). */
void isle_park_map_low(u64 hpa);

/* Asks whether the core is in the loop; the answer comes within microseconds, if it is. */
void isle_park_ask(struct isle_rcpu *cpu);
bool isle_park_answered(const struct isle_rcpu *cpu);
/* Sends a parked core to entry, with tables and argument. */
void isle_park_leave(struct isle_rcpu *cpu, u64 cr3, u64 entry, u64 arg);
/* The state as the core wrote it: not to be believed for more than a sentence. */
u32 isle_park_state(const struct isle_rcpu *cpu);

/* Virtual addresses: of the park entry, and of a core's mailbox. */
u64 isle_park_entry_va(void);
u64 isle_park_mailbox_va(const struct isle_rcpu *cpu);
/* 32 bits, for the trampoline. */
u32 isle_park_pml4_hpa(void);

/*
 * Fills the two page tables behind PARK_VA for an isle: code, IDT, and the data pages of its own
 * cores, nothing of others. tables: two zeroed pages.
 */
void isle_park_map(u64 *tables, struct isle_rcpu *const *cpus, unsigned int nr_cpus);

#endif
