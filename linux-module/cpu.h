/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpu.h - the reserve's CPUs. Unless said otherwise the caller holds isle_reserve_lock.
 */
#ifndef ISLE_CPU_H
#define ISLE_CPU_H

#include <linux/list.h>
#include <linux/types.h>
#include <isle/ioctl.h>

#include "cpu_policy.h"

struct park_mailbox;

/* A CPU of the reserve. Constant from RESERVE to RELEASE, but for the last two groups. */
struct isle_rcpu {
	struct list_head list;  /* by linux_cpu; isle_reserve_lock */
	u32 linux_cpu;
	u32 apic_id;
	u32 node;
	u32 package;
	u32 core;
	u32 thread;
	u32 key;                /* Linux's number of the core's first thread: same core, same key */

	u32 isle_id;            /* 0: free; isle_reserve_lock */

	/* life_lock of the isle that has the core, isle_reserve_lock if none has */
	u32 state;              /* ISLE_RCPU_PARKED or _LOST */
	u32 slot;
	u64 asked;
	struct park_mailbox *mailbox;
};

/* Hotplug callbacks: hides CPUs that leave, refuses to bring owned ones online. */
int isle_cpu_init(void);
void isle_cpu_exit(void);

/*
 * Takes CPUs out of Linux and into the park loop, all or none. dry: only whether the set is legal.
 * why has ISLE_TEXT_SIZE bytes. Errors as ISLE_IOC_RESERVE says. Sleeps.
 */
int isle_cpu_reserve(const struct isle_cpuset *set, bool span, bool dry,
		     u64 *offline_ns, u64 *park_ns, char *why);
/* Gives all CPUs back to Linux. Returns how many; *bad: how many did not come, with a sentence. */
unsigned int isle_cpu_release(unsigned int *bad, char *why);

/*
 * Marks CPUs of the reserve as an isle's: those of the set, or (empty set) nr of them. cpus gets
 * them in ascending order, at most ISLE_MAX_CPUS. Returns their number or an error of CREATE.
 */
int isle_cpu_take(u32 isle_id, const struct isle_cpuset *set, u32 nr, u32 node, bool span,
		  struct isle_rcpu **cpus, char *why);
void isle_cpu_give_back(struct isle_rcpu *const *cpus, unsigned int nr);

/* Any lock, or none: numbers for INFO. */
void isle_cpu_count(u32 *reserved, u32 *is_free);
/* Copies up to room rows; returns how many there are. */
u32 isle_cpu_list(struct isle_reserved_cpu *rows, u32 room);

/* In a panic or reboot: INIT to each CPU of the reserve. No lock, no sleep. */
void isle_cpu_silence(void);

#endif
