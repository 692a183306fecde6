/* SPDX-License-Identifier: MIT */
/*
 * memfd_isle.h - isles whose memory is a file of this process: what uhyve and qemu have in common.
 *
 * Isle memory is a memfd, mapped here as a whole; ipa 0 lies at file_base of the file. This side is the loader
 * (abi/isle/boot.h): image, boot page, tables. It is also what the module is on bare cores: it takes the isle's
 * bells, wakes who waits for a call, drains the log, and knows how the isle ended.
 *
 * What a platform supplies:
 *   layout     where the isle's machine sees the memory (struct memfd_layout);
 *   start      a machine that maps the file there and whose CPUs enter memfd_start as <isle/boot.h> says: all of
 *              them, row 0 first, the others when the isle kernel asks or at once (they wait by themselves);
 *   clock      memfd_clock() right before that;
 *   a thread   that calls memfd_bell() whenever the isle has rung (a spurious call is harmless);
 *   ring       an interrupt ISLE_VECTOR_DOORBELL to a row, for serve_ops.ring and for memfd_stop's request;
 *   the end    memfd_ended() exactly once, when no CPU of the machine runs any more: because the isle has parked
 *              its cores, or because the machine died (then it says how).
 * Everything else of struct plat_ops can be the memfd_* function of the same name, wrapped.
 *
 * Nothing that the isle wrote is believed: states, log and codes are copied, bounded, then used.
 */
#ifndef PROXY_PLAT_MEMFD_ISLE_H
#define PROXY_PLAT_MEMFD_ISLE_H

#include "plat.h"

#include <isle/boot.h>
#include <isle/call.h>
#include <isle/image.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* How the machine of a platform sees the isle's memory. All multiples of the granule. */
struct memfd_layout {
	uint32_t platform;     /* ISLE_PLAT_* */
	uint64_t file_base;    /* offset of ipa 0 in the file */
	uint64_t hpa_base;     /* address of ipa 0 in the machine */
	uint64_t hole, hole_end; /* addresses that are no memory; both 0: no hole */
	bool pins;             /* shared file mappings are possible: there is a pin table */
};

/* Bytes of the log ring. */
#define MEMFD_LOG_DATA  (256ull << 10)

/* Where the parts of the private area lie: ipa. */
struct memfd_places {
	uint64_t boot, cpus, extents, granules, cmdline, pins, counters, log, tables, early, end;
};

/* What a CPU finds at its first instruction: the same for all rows. */
struct memfd_start {
	uint64_t rip, rdi;     /* addresses of the isle kernel */
	uint64_t cr3;          /* of the machine */
};

/* Records of the isle's log, whole ones, oldest first. */
struct memfd_log {
	uint8_t *data;
	size_t   used, room;
	uint64_t begin;        /* position of data[0]; records before it are gone */
	uint64_t tail;         /* how far the ring was read */
	uint64_t dropped;
	bool     broken;
};

struct memfd_isle {
	struct memfd_layout layout;
	int      fd;           /* the memfd, -1: none */
	uint8_t *mem;          /* ipa 0; size bytes, aligned to 1 GiB if there is that much */
	uint64_t size;
	uint32_t nr_cpus, nr_extents;
	uint16_t linux_cpu[ISLE_MAX_CPUS]; /* the plan's CPU of each row */
	bool     shared_cpus;  /* more rows than CPUs: they take turns */
	struct isle_extent extent[2 * ISLE_MAX_NODES];
	struct memfd_places at;
	struct memfd_start start;
	struct isle_boot *boot; /* in mem; NULL before memfd_load */

	pthread_mutex_t lock;   /* guards life, why, log */
	pthread_cond_t changed; /* life */
	uint32_t life;          /* ISLE_LIFE_* */
	char     why[ISLE_TEXT_SIZE];
	struct memfd_log log;
	uint64_t bells;         /* how often the isle rang */
	int      event[2];      /* pipe: readable when the isle has something to say, hung up when it has ended */
	uint32_t slots_high;    /* slots below it have had a waiter */
	uint32_t ended;         /* 1: who waits leaves */
	uint32_t rung[ISLE_MAX_SLOTS]; /* futex words: 1, the slot was rung since its last wait */
};

/* What the user's variables say about memory (docs/platforms.md). */
struct memfd_wish {
	bool thp;       /* ask for transparent huge pages */
	bool huge;      /* all of it huge pages, now, or it fails */
	bool prefault;  /* all of it now */
};

/*
 * The number by which the isle knows the CPU of a row: Linux's; with more rows than CPUs the row's own, so that no
 * two are the same.
 */
static inline uint32_t memfd_cpu_number(const struct memfd_isle *m, uint32_t row)
{
	return m->shared_cpus ? row : m->linux_cpu[row];
}

/* Chooses CPUs and memory among what Linux lets this process use. As plat_ops.plan. */
int memfd_plan(struct isle *isle, const struct config *config);

/*
 * Makes the file of plan's size, maps it, binds it to the plan's nodes. 0 or -errno with a sentence in isle->why.
 * Fills isle->mem_fd, mem_off, mem_size, id.
 */
int memfd_create_isle(struct memfd_isle *m, struct isle *isle, const struct memfd_layout *layout,
		      const struct memfd_wish *wish);

/*
 * Puts image and boot page into the memory. apic_ids: one a row; NULL: the row's number. Fills isle->window_ipa.
 * 0 or -errno with a sentence in isle->why.
 */
int memfd_load(struct memfd_isle *m, struct isle *isle, const char *image, const char *args,
	       const uint32_t *apic_ids);

/*
 * Tells the isle the time. tsc_khz: of the machine's TSC; offset: what it reads when ours reads 0 (both count
 * alike).
 */
void memfd_clock(struct memfd_isle *m, uint64_t tsc_khz, uint64_t offset);

/* The isle has rung. Thread-safe. */
void memfd_bell(struct memfd_isle *m);
/* Waits until the isle kernel is up. 0; -ETIME; -EIO it ended before, with a sentence. timeout_ms 0: a default. */
int memfd_await_up(struct memfd_isle *m, struct isle *isle, uint32_t timeout_ms);
/* Waits until the isle has ended, at most timeout_ms: 0 or -ETIME. */
int memfd_await_end(struct memfd_isle *m, uint32_t timeout_ms);
/* Asks the isle to stop; the platform rings row 0 after it. */
void memfd_request_stop(struct memfd_isle *m);
/*
 * No CPU of the machine runs any more. life: ISLE_LIFE_HUNG or _KILLED with a sentence if the machine ended the
 * isle; ISLE_LIFE_NONE: the isle ended itself, the boot page says how. Later calls do nothing.
 */
void memfd_ended(struct memfd_isle *m, uint32_t life, const char *why);
bool memfd_has_ended(struct memfd_isle *m);

/* A line of the monitor's own in the isle's log; as an error it is shown to who does not read the log, too. */
__attribute__((format(printf, 2, 3)))
void memfd_say(struct memfd_isle *m, const char *format, ...);
__attribute__((format(printf, 2, 3)))
void memfd_say_error(struct memfd_isle *m, const char *format, ...);
/* Prints the lines that are errors. */
void memfd_print_errors(struct memfd_isle *m, FILE *out);

/* serve_ops.wait. */
int memfd_wait(struct memfd_isle *m, uint32_t slot, uint32_t timeout_ms);

/* As the functions of plat_ops. */
void memfd_machine(const struct memfd_isle *m, struct view_machine *view);
int memfd_poll_fd(const struct memfd_isle *m);
int memfd_events(struct memfd_isle *m);
int memfd_print_log(struct memfd_isle *m, struct isle *isle, struct logtext *log);
int memfd_finish(struct memfd_isle *m, struct isle *isle);
/* Moves a descriptor out of the program's way (0 or -errno); closes one, moved or not. -1 is no descriptor. */
int memfd_fd_guard(int *fd);
void memfd_fd_close(int *fd);
/* The isle's own descriptors. 0 or -errno. */
int memfd_guard(struct memfd_isle *m, struct isle *isle);
/* The machine is gone. Safe on a zeroed struct with fd -1, and twice. */
void memfd_close(struct memfd_isle *m);

/* Reads the log ring into the store: memfd_log.c. The lock is held. */
void memfd_log_drain(struct memfd_isle *m);
void memfd_log_append(struct memfd_isle *m, uint8_t level, uint8_t origin, uint64_t time_ns, const char *text,
		      size_t size);
/* The last line of the isle that is an error; empty if there is none. The lock is held. */
void memfd_log_last_error(const struct memfd_isle *m, char *text, size_t size);

#endif
