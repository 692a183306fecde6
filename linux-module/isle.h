/* SPDX-License-Identifier: GPL-2.0 */
/*
 * isle.h - the isle: what the module knows about one, and who may touch what.
 *
 * Life (ISLE_LIFE_*): CREATED -> LOADED -> STARTING -> RUNNING -> STOPPING -> an end (STOPPED,
 * PANICKED, HUNG, KILLED). It changes under life_lock and is read anywhere. At an end its cores
 * are back in the park loop, or lost. Reaping follows when the file closes: memory and cores
 * return to the reserve, and what is left (log, counters, numbers) is kept for a while.
 *
 * Order of locks, outermost first:
 *   isle->life_lock       life, loading, starting, stopping; held during their bounded waits
 *   isle_reserve_lock     CPUs and memory of the reserve
 *   low_lock              (trampoline.c) the borrowed page
 *   isles_lock            (isles.c) the list of isles
 *   isle->pin_lock        (pin.c) pinned pages
 *   isle->log_lock        the log store, and any reading of isle memory but life's own
 *   bell_lock             (doorbell.c) raw, interrupts off: who may ring, and who waits for it
 */
#ifndef ISLE_ISLE_H
#define ISLE_ISLE_H

#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <isle/boot.h>
#include <isle/counters.h>
#include <isle/ioctl.h>

#include "image.h"
#include "logstore.h"
#include "region.h"

struct isle_rcpu;

/* Where things lie in the private area; offsets are ipa. Set by LOAD. */
struct isle_places {
	u64 boot;
	u64 cpus;
	u64 extents;
	u64 granules;
	u64 cmdline;
	u64 pins;
	u64 counters;
	u64 log;
	u64 tables;
	u64 early;
	u64 end;            /* of the private area; the window begins there */
	u64 entry;          /* virtual address */
};

/* What the workers of all call slots have counted, as far as they can be believed: they are the owner's. */
struct isle_channel {
	u64 calls, waits, wakes, copied;
};

struct isle {
	struct kobject kobj;        /* reference count, and the folder in sysfs */
	struct list_head list;      /* isles_lock */

	/* Constant after CREATE. */
	u32 id;
	u32 owner_uid;
	u32 nr_cpus;
	u32 nr_pieces;
	u64 mem_size;
	u64 created_ns;
	struct isle_cpuset cpuset;
	u64 mem_node[ISLE_MAX_NODES];
	struct isle_rcpu **cpu;     /* [nr_cpus]; NULL when reaped */
	struct isle_rcpu **late;    /* [nr_cpus]: room for end.c */
	struct isle_region *piece;  /* [nr_pieces] in the order of ipa; NULL when reaped */
	u64 *piece_ipa;             /* [nr_pieces] */

	/* life_lock; life, why and the numbers may be read without it */
	struct mutex life_lock;
	u32 life;
	u32 owner_pid;              /* 0 when the owner is gone */
	s32 exit_code;
	bool orderly;               /* ended with a sane STOPPED: its granule table counts */
	bool hurry;                 /* a STOP_NOW waits: give up waiting */
	char why[ISLE_TEXT_SIZE];   /* written before life becomes an end */
	struct isle_places at;
	struct isle_boot *boot;     /* the boot page; NULL before LOAD and when reaped */
	u64 start_ns;

	/* bell_lock */
	struct list_head running;   /* doorbell.c's list; empty: not in it */
	struct list_head waiters;
	u64 bells;                  /* rung since the last EVENTS */
	u64 doorbells;
	u32 route_generation;
	atomic64_t rings;           /* interrupts sent to it; no lock */

	/* log_lock */
	struct mutex log_lock;
	struct isle_logstore log;
	struct isle_counters *last_counters; /* [nr_cpus], filled when reaped */
	struct isle_channel last_channel;
	u32 last_state;
	u64 entry_tsc, first_log_tsc, up_tsc;
	bool reaped;

	/* pin_lock */
	struct mutex pin_lock;
	struct list_head pins;
	u64 pinned_pages;

	wait_queue_head_t wait;     /* woken by bells, changes of life and new log records */
	struct work_struct bell_work;
	struct work_struct end_work;
};

extern struct mutex isle_reserve_lock;

/* An open file: at most one isle. */
struct isle_file {
	struct isle *isle;          /* set once, by CREATE */
	struct mutex lock;          /* CREATE of this file, and why */
	char why[ISLE_TEXT_SIZE];
};

/* One ioctl: whose, and what went wrong. */
struct isle_call {
	struct isle_file *file;
	struct isle *isle;          /* of the file; NULL if it has none */
	char why[ISLE_TEXT_SIZE];
};

/* Writes the call's sentence and returns err, so that a check and its words stand in one place. */
__printf(3, 4)
long isle_fail(struct isle_call *call, long err, const char *format, ...);

int isle_list_init(void);
void isle_list_exit(void);
/* When no file is open any more: forgets those that were kept, while sysfs still has the folder. */
void isle_forget_dead(void);

/* An isle without CPUs, memory or folder; one reference. NULL: no memory. */
struct isle *isle_alloc(u32 id);
/* Shows it: in the list and in sysfs. */
int isle_publish(struct isle *isle);
/* Hides it; the caller's reference remains. */
void isle_forget(struct isle *isle);
/* Keeps a reaped one, hides the oldest of those beyond the limit. Takes over the reference. */
void isle_keep(struct isle *isle);
static inline void isle_put(struct isle *isle)
{
	kobject_put(&isle->kobj);
}
/* By number, living or kept; with a reference. NULL: no such isle. */
struct isle *isle_find(u32 id);
/* Numbers, living first. Copies up to room; returns how many there are. */
u32 isle_list_ids(u32 *ids, u32 room);
/* Living ones. */
u32 isle_count(void);
/* Numbers are never used twice. */
u32 isle_next_id(void);

static inline u32 isle_life(const struct isle *isle)
{
	return smp_load_acquire(&isle->life);
}

static inline bool isle_life_ended(u32 life)
{
	return life >= ISLE_LIFE_STOPPED;
}

/* life_lock; wakes everybody who waits. */
void isle_set_life(struct isle *isle, u32 life);
const char *isle_life_name(u32 life);

/* Kernel address of isle memory, which must have been checked to be inside one piece. */
void *isle_va(const struct isle *isle, u64 ipa);
/* Physical address, or 0 if ipa is outside. */
u64 isle_hpa(const struct isle *isle, u64 ipa);

/* The isle's own words about itself; nonsense becomes ISLE_STATE_PANICKED. Needs boot. */
u32 isle_kernel_state(const struct isle *isle);
/* log_lock, and boot is not NULL. */
void isle_channel_read(const struct isle *isle, struct isle_channel *sum);
/* Use of a granule as the isle wrote it, with what it cannot change: private area and window. */
u8 isle_granule_use(const struct isle *isle, u64 ipa);

extern struct workqueue_struct *isle_workqueue;

#endif
