/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * counters.h - what an isle core did, counted by the core itself.
 *
 * One page a core in the private area, each word written only by its core with plain
 * stores; readers may see a value that is one event old. The list below is the single
 * source: the enum, the names that islectl prints and the documentation come from it.
 */
#ifndef ISLE_COUNTERS_H
#define ISLE_COUNTERS_H

#include <isle/types.h>

/* X(NAME, "name", "meaning") */
#define ISLE_COUNTER_LIST(X) \
	X(EXCEPTIONS,       "exceptions",       "CPU exceptions taken, vectors 0 to 31 without NMI") \
	X(INTERRUPTS,       "interrupts",       "interrupts of any vector from 32 up, and NMIs") \
	X(FOREIGN,          "foreign",          "interrupts that nobody in the isle asked for (subset of interrupts)") \
	X(DOORBELLS_IN,     "doorbells-in",     "doorbells received from Linux") \
	X(DOORBELLS_OUT,    "doorbells-out",    "IPIs sent to Linux") \
	X(IPIS_IN,          "ipis-in",          "IPIs received from cores of this isle") \
	X(IPIS_OUT,         "ipis-out",         "IPIs sent to cores of this isle") \
	X(TIMER_INTERRUPTS, "timer-interrupts", "interrupts of the core's own timer") \
	X(IDLE_ENTRIES,     "idle-entries",     "times the core went to sleep") \
	X(IDLE_TSC,         "idle-tsc",         "TSC ticks spent asleep") \
	X(PAGE_FAULTS,      "page-faults",      "page faults of the program") \
	X(SYSCALLS_LOCAL,   "syscalls-local",   "system calls served on the isle") \
	X(SYSCALLS_FORWARDED, "syscalls-forwarded", "system calls forwarded to the proxy") \
	X(SYSCALLS_UNKNOWN, "syscalls-unknown", "system calls answered by ENOSYS") \
	X(SWITCHES,         "switches",         "switches from one thread to another") \
	X(FRAMES_ALLOCATED, "frames-allocated", "4 KiB frames taken from the allocator") \
	X(FRAMES_FREED,     "frames-freed",     "4 KiB frames given back to the allocator") \
	X(MESSAGES_OUT,     "messages-out",     "requests handed to the proxy, the isle kernel's own included") \
	X(MESSAGES_IN,      "messages-in",      "answers taken from the proxy") \
	X(CALLS_SLEPT,      "calls-slept",      "requests whose thread gave its core away while it waited") \
	X(BYTES_COPIED,     "bytes-copied",     "bytes that the isle kernel copied from or to program memory") \
	X(KERNEL_TSC,       "kernel-tsc",       "TSC ticks in exceptions and in system calls but leaves") \
	X(INTERRUPT_TSC,    "interrupt-tsc",    "TSC ticks in interrupts that hit the program")

enum {
#define ISLE_COUNTER_ENUM(id, name, meaning) ISLE_COUNTER_##id,
	ISLE_COUNTER_LIST(ISLE_COUNTER_ENUM)
#undef ISLE_COUNTER_ENUM
	ISLE_NR_COUNTERS
};

#define ISLE_COUNTERS_NAMED  256

/*
 * A program can read the page of the core that it runs on. The vDSO of an isle, which AT_SYSINFO_EHDR names, has one
 * symbol more than Linux's, of the same version (LINUX_2.6):
 *
 *     const struct isle_counters *__vdso_isle_counters(void);
 *
 * The pages of all rows are mapped for reading only; Linux does not see them, so a forwarded call gets EFAULT for them.
 * NULL: this core has none. A thread that does not move may keep the address.
 */

struct isle_counters {
	uint64_t vector[256];                 /* interrupts and exceptions by vector */
	uint64_t named[ISLE_COUNTERS_NAMED];  /* indexed by ISLE_COUNTER_* */
};
ISLE_ASSERT_SIZE(struct isle_counters, 4096);
ISLE_ASSERT(ISLE_NR_COUNTERS <= ISLE_COUNTERS_NAMED, "too many counters for the page");

#endif
