/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * boot.h - what an isle kernel finds when its first instruction runs.
 *
 * Isle memory begins (ipa 0) with the private area, which only the loader (the
 * module; the monitor on uhyve; the isle kernel itself under QEMU) and the isle
 * kernel may touch. The proxy can never map it: who writes here can make a bare
 * core do anything.
 *
 *   ipa 0             kernel image, as its program headers lay it out
 *   boot_ipa          this page, then the tables it points to: CPUs, extents,
 *                     granules, command line, counters, log ring, pin table, and
 *                     the loader's page tables (all levels)
 *   early_ipa         zeroed pages for the kernel's first page tables
 *   private_size      end of the private area (a multiple of the granule)
 *   window_ipa        the window, shared with the proxy (window.h)
 *   ...               frames
 *
 * The private area and the window lie in extent 0, physically contiguous.
 *
 * State of a core at the image's entry point, on every platform:
 *   - 64-bit mode, paging on, EFER.NXE set, interrupts off, direction flag clear;
 *   - CR3: the loader's tables. They map the private area at ISLE_KBASE in large
 *     pages, writable and executable, and (multi) the park pages at ISLE_PARK_VA;
 *     nothing else. The kernel builds its own tables and keeps the park mapping by
 *     copying the entry for ISLE_PARK_VA of the loader's level-3 table;
 *   - RDI: address of this page (ISLE_KBASE + boot_ipa); no stack, RSP is undefined;
 *   - GDT, IDT, TR: not the kernel's; it loads its own before anything can fault;
 *   - other control registers and MSRs: unknown, a previous isle may have set them;
 *   - every core of the isle enters at the same address. A core finds its row of the
 *     CPU table by its local APIC id. Row 0 enters first; the loader starts the others
 *     when row 0 has set ISLE_STATE_BOOTING_CPUS.
 */
#ifndef ISLE_BOOT_H
#define ISLE_BOOT_H

#include <isle/types.h>
#include <isle/version.h>

/* Link address of ipa 0. The top 2 GiB suit -mcmodel=kernel. */
#define ISLE_KBASE    0xffffffff80000000ull
/* Park pages (multi): entry 511 of the level-3 table that also holds ISLE_KBASE (entry 510). */
#define ISLE_PARK_VA  0xffffffffc0000000ull

/* Flags of the boot page. */
#define ISLE_BOOT_F_RING0  (1u << 0) /* the program may run in ring 0: set for root's isles only */
/* The kernel must do without, although CPUID shows it: a software KVM may run it for programs only. */
#define ISLE_BOOT_F_NO_XSAVE     (1u << 8)
#define ISLE_BOOT_F_NO_FSGSBASE  (1u << 9)
#define ISLE_BOOT_F_NO_SMEP      (1u << 10)
#define ISLE_BOOT_F_NO_SMAP      (1u << 11)
#define ISLE_BOOT_F_NO_DEADLINE  (1u << 12) /* TSC deadline mode of the local APIC's timer */
/* SYSCALL may arrive at its entry without ring 0: as a page fault there, with RCX and R11 as SYSCALL sets them. */
#define ISLE_BOOT_F_SOFT_SYSCALL (1u << 13)
/* Memory that the kernel has not touched yet is zero. */
#define ISLE_BOOT_F_ZEROED       (1u << 14)

/* The platform that loaded the image. */
enum {
	ISLE_PLAT_MULTI = 1, /* bare cores, linux-module */
	ISLE_PLAT_UHYVE = 2, /* KVM monitor in the proxy */
	ISLE_PLAT_QEMU  = 3, /* QEMU, PVH entry */
};

/*
 * State of the isle kernel, written by the isle only. It moves forward only:
 *   NONE -> BOOTING -> BOOTING_CPUS -> UP -> STOPPED | PANICKED
 *   BOOTING* may also end in PANICKED.
 * STOPPED means: every core has reached the park loop or is about to; the isle
 * writes nothing but mailboxes any more. exit_code tells why.
 */
enum {
	ISLE_STATE_NONE = 0,
	ISLE_STATE_BOOTING = 1,
	ISLE_STATE_BOOTING_CPUS = 2,
	ISLE_STATE_UP = 3,
	ISLE_STATE_STOPPED = 4,
	ISLE_STATE_PANICKED = 5,
};

/* Requests, bits set by the loader in isle_boot.request; followed by a doorbell to row 0. */
#define ISLE_REQUEST_STOP   (1ull << 0) /* stop in order: all cores to the park loop */

/* Reasons, bits set by the isle in isle_boot.bell before it rings Linux; Linux takes them by exchange with 0. */
#define ISLE_BELL_STATE     (1ull << 0) /* state has changed */
#define ISLE_BELL_LOG       (1ull << 1) /* the log ring wants draining */
#define ISLE_BELL_CALL      (1ull << 2) /* a call slot was submitted while its worker slept */

/*
 * Interrupt vectors of the isle. Linux sends only the first; the others are the isle's own.
 * Any other vector is counted and ignored: with IPI shorthands Linux can reach cores it does not own.
 */
#define ISLE_VECTOR_DOORBELL  0xf0u /* Linux -> isle: look at request, and at the core's slots */
#define ISLE_VECTOR_RESCHED   0xf1u /* isle -> isle */
#define ISLE_VECTOR_CALL      0xf2u /* isle -> isle: run the pending cross-core call */
#define ISLE_VECTOR_TIMER     0xf3u
#define ISLE_VECTOR_PARK      0xf4u /* Linux -> parked core: look at the mailbox */
#define ISLE_VECTOR_SPURIOUS  0xffu

/*
 * Physically contiguous memory of one node. hpa and size are multiples of the granule; ipa ranges are dense and
 * ascending.
 */
struct isle_extent {
	isle_hpa_t hpa;
	isle_ipa_t ipa;
	uint64_t   size;
	uint32_t   node;     /* Linux's node number */
	uint32_t   reserved;
};
ISLE_ASSERT_SIZE(struct isle_extent, 32);

/* One core (hardware thread) of the isle. The first line is the loader's, the second the isle's. */
struct isle_cpu {
	uint32_t apic_id;
	uint32_t linux_cpu;    /* Linux's number of it */
	uint32_t node;
	uint32_t package;
	uint32_t core;         /* id of the core in its package, as Linux knows it */
	uint32_t thread;       /* 0 for the core's first hardware thread, 1 for the second... */
	uint64_t mailbox_va;   /* multi: argument of the park entry; else 0 */
	uint8_t  reserved0[32];

	uint32_t state;        /* ISLE_CPU_*, written by the core itself */
	uint32_t reserved1[15];
};
ISLE_ASSERT_SIZE(struct isle_cpu, 128);
ISLE_ASSERT_AT(struct isle_cpu, state, 64);

enum {
	ISLE_CPU_NONE = 0,     /* has not entered */
	ISLE_CPU_UP = 1,       /* runs, interrupts on */
	ISLE_CPU_PARKING = 2,  /* jumps to the park entry next */
	ISLE_CPU_DEAD = 3,     /* stopped by a panic; will also try to park */
};

/*
 * Use of each granule of isle memory, one byte each, written by the isle kernel.
 * The module lets the proxy map only USER and WINDOW granules, and scrubs every
 * granule that is not FREE when an isle ended in order (all of them when not).
 */
enum {
	ISLE_GRANULE_FREE = 0,
	ISLE_GRANULE_KERNEL = 1,
	ISLE_GRANULE_USER = 2,   /* zeroed before it was marked; never becomes KERNEL again */
	ISLE_GRANULE_WINDOW = 3,
};

/* Where and how the isle rings Linux; one aligned word, so that it is read and replaced as a whole. */
#define ISLE_ROUTE(generation, vector, apic_id) \
	(((uint64_t)(generation) << 40) | ((uint64_t)(vector) << 32) | (uint64_t)(uint32_t)(apic_id))
#define ISLE_ROUTE_VECTOR(route)   ((uint32_t)(((route) >> 32) & 0xff))
#define ISLE_ROUTE_APIC_ID(route)  ((uint32_t)(route))
#define ISLE_ROUTE_NONE            0ull /* nobody listens: do not ring */

struct isle_boot {
	/* Written by the loader before entry, constant afterwards. Offsets are ipa. */
	uint64_t   magic;           /* ISLE_BOOT_MAGIC */
	uint32_t   revision;        /* ISLE_ABI_REVISION */
	uint32_t   platform;        /* ISLE_PLAT_* */
	uint32_t   isle_id;
	uint32_t   flags;           /* ISLE_BOOT_F_* */
	uint32_t   nr_cpus;
	uint32_t   nr_extents;
	uint64_t   mem_size;        /* sum of all extents */
	uint64_t   private_size;
	isle_ipa_t boot_ipa;        /* of this page */
	isle_ipa_t cpus_ipa;        /* struct isle_cpu [nr_cpus] */
	isle_ipa_t extents_ipa;     /* struct isle_extent [nr_extents] */
	isle_ipa_t granules_ipa;    /* uint8_t [mem_size / ISLE_GRANULE_SIZE] */
	isle_ipa_t cmdline_ipa;     /* NUL-terminated */
	isle_ipa_t counters_ipa;    /* struct isle_counters [nr_cpus] */
	isle_ipa_t log_ipa;         /* struct isle_log */
	uint64_t   log_size;        /* header and data */
	isle_ipa_t early_ipa;       /* zeroed pages for first page tables, up to private_size */
	isle_ipa_t window_ipa;
	uint64_t   window_size;
	uint64_t   park_entry;      /* multi: jump here to park; else 0 */
	uint64_t   tsc_khz;
	/* Time: realtime_ns is CLOCK_REALTIME, boottime_ns CLOCK_BOOTTIME at the moment the TSC read tsc_base. */
	uint64_t   tsc_base;
	uint64_t   realtime_ns;
	uint64_t   boottime_ns;
	isle_ipa_t pins_ipa;        /* struct isle_pins; 0 where the platform has none */
	uint8_t    reserved0[72];

	/* Written by Linux while the isle runs. */
	uint64_t   route __attribute__((aligned(64)));   /* ISLE_ROUTE: may move at any time */
	uint64_t   request;         /* ISLE_REQUEST_*: only ever gains bits */
	uint8_t    reserved1[48];

	/* Written by the isle. */
	uint64_t   bell __attribute__((aligned(64)));    /* ISLE_BELL_*: isle sets, Linux takes */
	uint32_t   state;           /* ISLE_STATE_* */
	int32_t    exit_code;       /* wait(2) status of the program, valid when STOPPED */
	uint32_t   cpus_up;
	uint32_t   panic_cpu;
	uint64_t   entry_tsc;       /* TSC at the first instruction of row 0 */
	uint64_t   first_log_tsc;   /* TSC when the first log line was complete */
	uint64_t   up_tsc;          /* TSC when state became UP */
	uint8_t    reserved2[16];
};
ISLE_ASSERT_AT(struct isle_boot, route, 256);
ISLE_ASSERT_AT(struct isle_boot, bell, 320);
ISLE_ASSERT_SIZE(struct isle_boot, 384);

/*
 * Park entry (multi). A core leaves an isle by jumping to isle_boot.park_entry with
 *   RDI = mailbox_va of its own row, interrupts off, CR3 = any table that keeps the
 *   loader's ISLE_PARK_VA mapping.
 * It does not come back. The park code belongs to the module; it loads its own tables,
 * GDT, IDT and stack, masks the local APIC's timers, and waits in HLT for ISLE_VECTOR_PARK.
 */

#endif
