/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * report.h - how things stand on the isle, told to the proxy for /proc.
 *
 * A program finds its own maps, threads, times and memory in /proc, where Linux would show the proxy's. The proxy
 * writes these files, the isle kernel says what is in them: a call that looks at one is answered with
 * ISLE_DONE_F_REPORT instead of being made, the isle kernel sends ISLE_CALL_REPORT on the same slot, and makes
 * the call again. So a report is made by the thread that looks, nobody is interrupted for it, and path names are
 * understood in one place, the proxy.
 *
 * The tables follow the header without gaps: CPUs (by row), threads (the first thread first), regions (ascending,
 * only if ISLE_DONE_F_REGIONS asked for them). The proxy checks that they fit into size; contents that make no sense
 * harm nobody but the program that reads them.
 */
#ifndef ISLE_REPORT_H
#define ISLE_REPORT_H

#include <isle/types.h>

struct isle_report {
	uint32_t size;               /* bytes of all of it */
	uint32_t nr_cpus, nr_threads, nr_regions;
	uint64_t mem_free;           /* bytes of isle memory that nobody uses */
	uint64_t mapped, resident;   /* bytes of all regions, and of pages that are present */
	uint64_t data, stack, code;  /* bytes of regions: private and writable; the first stack; executable */
	isle_uva_t code_start, code_end, data_start, data_end, brk_start, brk, stack_start;
	isle_uva_t arg_start, arg_end, env_start, env_end;
	isle_uva_t auxv;             /* the auxiliary vector on the first stack */
	uint64_t auxv_size;
	uint64_t run_ns, system_ns;  /* processor time of all threads, ended ones included; of that in the kernel */
	uint64_t sig_pending;        /* for the process; bit signo - 1, as in all sets */
	uint64_t sig_ignored, sig_caught;
	uint64_t reserved[4];
};
ISLE_ASSERT_SIZE(struct isle_report, 240);

struct isle_report_cpu {
	uint64_t up_ns;              /* since the isle began */
	uint64_t idle_ns;            /* of that, asleep */
	uint32_t cpu;                /* Linux's number */
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_report_cpu, 24);

struct isle_report_thread {
	uint32_t tid;
	uint32_t cpu;                /* Linux's number */
	uint32_t runs;               /* 1: running or runnable, 0: waiting */
	uint32_t reserved;
	uint64_t run_ns, system_ns;
	uint64_t voluntary, forced;  /* switches */
	uint64_t sig_blocked, sig_pending;
	uint64_t affinity[ISLE_MAX_CPUS / 64]; /* by row of the CPUs */
	char     name[16];
};
ISLE_ASSERT_SIZE(struct isle_report_thread, 112);

struct isle_report_region {
	isle_uva_t start, end;
	uint64_t offset;             /* in the file */
	int32_t  file;               /* handle of ISLE_CALL_KEEP; -1: none */
	uint32_t prot;               /* mmap's bits */
	uint32_t flags;              /* ISLE_REGION_* */
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_report_region, 40);

#define ISLE_REGION_HEAP    (1u << 0)  /* made by brk */
#define ISLE_REGION_STACK   (1u << 1)  /* the first stack */
#define ISLE_REGION_VDSO    (1u << 2)
#define ISLE_REGION_SHARED  (1u << 3)  /* MAP_SHARED */
#define ISLE_REGION_LINUX   (1u << 4)  /* Linux's own pages: mapped in the proxy at the same place, which names them */
#define ISLE_REGION_KERNEL  (1u << 5)  /* the isle kernel's, not asked for by the program */

/* One that is larger is cut: the last regions are missing. */
#define ISLE_REPORT_MAX     ISLE_GRANULE_SIZE

#endif
