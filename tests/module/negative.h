/* SPDX-License-Identifier: MIT */
/*
 * negative.h - one wrong thing in an otherwise right command: rows of what must be refused, and
 * how.
 *
 * A row starts from the command's right arguments and changes one or two fields. The errno must be
 * the one of ioctl.h, WHY must say something, and nothing may have changed. Pointers are addresses
 * of an arena that is mapped at a fixed place, so that rows are constant tables.
 */
#ifndef NEGATIVE_H
#define NEGATIVE_H

#include "isle.h"

#define ARENA       0x10000000ull
#define AT_MEM      (ARENA)                 /* enum mem_kind rows of struct isle_mem */
#define AT_BUFFER   (ARENA + 0x10000)       /* 64 KiB, writable */
#define AT_LONG     (ARENA + 0x20000)       /* a string of 8 KiB */
#define AT_SHARED   (ARENA + 0x30000)       /* a page of shared memory */
#define AT_RO       (ARENA + 0x40000)       /* a read-only page that begins like AT_MEM */
#define AT_NOTHING  (ARENA + 0x50000)       /* not mapped */
#define AT_KERNEL   0xffff888000000000ull
#define AT_HOLE     0x0000900000000000ull   /* not canonical */

enum mem_kind { MEM_GOOD, MEM_UNALIGNED, MEM_NODE, MEM_HUGE, MEM_WRAP, MEM_RESERVED, MEM_ZERO, MEM_OTHER,
		NR_MEM };
#define MEM(kind)  (AT_MEM + (kind) * sizeof(struct isle_mem))

struct change {
	uint32_t at, size;
	uint64_t to;
};

#define SET(type, field, value) \
	{ offsetof(struct type, field), sizeof(((struct type *)0)->field), (uint64_t)(value) }

struct row {
	const char *what;
	unsigned long cmd;
	int err;
	const char *cpus;           /* instead of the right ones; RESERVE and CREATE */
	struct change change[2];
};

/* Tables: what is tried on a file in which state. */
extern const struct row rows_no_reserve[], rows_open[], rows_created[], rows_loaded[], rows_running[];

/* The state of a file in which each command is right. */
struct command {
	const char *name;
	unsigned long cmd;
	enum stage stage;
	int writes;                 /* its struct comes back */
	int in_state[STAGE_RUNNING + 1]; /* errno in each state; 1: not tried */
};
extern const struct command commands[];

union args {
	unsigned char bytes[2048];
	struct isle_reserve reserve;
	struct isle_create create;
	struct isle_load load;
	struct isle_start start;
	struct isle_stop stop;
	struct isle_list list;
	struct isle_stat stat;
	struct isle_log_read log;
	struct isle_counters_read counters;
	struct isle_reserved reserved;
	struct isle_wait wait;
	struct isle_pin pin;
};

/* Maps the arena, once. */
void need_arena(void);
/* Writes the right and wrong requests at AT_MEM again: a command may have changed them. */
void fill_mem(void);
void right_args(union args *a, unsigned long cmd, uint32_t id, int image);

#endif
