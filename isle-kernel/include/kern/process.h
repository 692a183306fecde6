/* SPDX-License-Identifier: MIT */
/*
 * process.h - the program: identity, threads, memory, signals, limits.
 */
#ifndef KERN_PROCESS_H
#define KERN_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/exec.h>
#include <kern/cpu_timer.h>
#include <kern/itimer.h>
#include <kern/list.h>
#include <kern/lock.h>
#include <kern/thread.h>
#include <kern/waitq.h>

struct aspace;
struct debug;
struct thread;
struct vfork;

/* Linux's struct sigaction as rt_sigaction has it (asm/signal.h). */
struct signal_action {
	isle_uva_t handler;
	uint64_t flags;
	isle_uva_t restorer;
	uint64_t mask;
};

#define PROCESS_NR_SIGNALS  64

struct process {
	/* Constant; a child of vfork learns its pid when it begins. */
	uint32_t pid, ppid, pgid, sid;
	struct vfork *vfork;             /* a child that borrows its memory; NULL: the program itself */

	uint32_t refs;                   /* threads, and whoever made it (atomic) */

	/* Guarded by lock. */
	struct spinlock lock;
	uint32_t uid, euid, gid, egid;
	struct list threads;             /* thread.process_link */
	uint32_t nr_threads;
	bool     exiting;
	bool     closed;                 /* no thread may be made: it ends, or becomes another program */
	bool     watched;                /* somebody waits for threads to end: a debugger, or an exec */
	struct thread *ender;            /* in an exec, waits until it is the last */
	int      wait_status;            /* as wait(2) has it, valid when exiting */
	struct signal_action action[PROCESS_NR_SIGNALS];
	uint64_t sig_pending;
	struct list sig_queue;
	uint64_t sig_fd;                 /* signals that the program has or had a signalfd for */
	uint64_t sig_left;               /* those that stay with Linux (task/signal_linux.c; atomic) */
	bool     stopped;                /* by a stop signal */
	uint64_t rlimit[ISLE_NR_RLIMITS][2];
	uint32_t next_tid;

	struct mutex left_lock;          /* orders what the proxy is told of sig_left */
	struct waitq stop_queue;         /* threads of a stopped program */
	struct waitq exec_queue;         /* threads that want to exec; its lock guards the next line */
	bool     execing;                /* one of them does */

	/* Has a lock of its own. */
	struct aspace *aspace;

	/* One page of program memory for calls that the kernel makes in the program's name. */
	struct mutex scratch_lock;
	isle_uva_t scratch;

	/* What ended threads used (kern/usage.h): lock. */
	uint64_t ended_ticks, ended_system_ticks, ended_faults, ended_switches[2];

	struct cpu_timers cpu_timers;
	struct itimers itimers;

	struct debug *debug;             /* NULL until somebody wants one */
	isle_uva_t auxv;                 /* the auxiliary vector on the first stack */
	uint64_t auxv_size;

	/* For /proc. */
	isle_uva_t arg_start, arg_end, env_start, env_end, brk_start, stack_top;
	isle_uva_t vdso;                 /* where its image lies; 0: it has none */
	isle_uva_t code_start, code_end, data_start, data_end, stack_start;
	uint64_t start_ns;
	uint8_t  random[32];
};

/* The process of the current thread. */
static inline struct process *process_current(void)
{
	return thread_current()->process;
}
/* Whether one of its threads has this id. */
bool process_has_thread(struct process *process, uint32_t tid);
/* The process that process_start made, for interrupts that concern it; NULL if there is none. */
struct process *process_of_isle(void);

/*
 * Starts the program that the exec block describes; called once, on row 0, when all cores are up.
 * Returns 0 when its first thread is runnable, or -errno with a line in the log.
 */
int process_start(void);
/* A process without anything: no identity, memory or threads; held once. NULL for want of memory. */
struct process *process_alloc(void);
/* Holds and lets go; who lets go last frees it. The program itself is never freed. */
static inline void process_hold(struct process *process)
{
	__atomic_add_fetch(&process->refs, 1, __ATOMIC_RELAXED);
}

void process_free(struct process *process);
static inline void process_drop(struct process *process)
{
	if (!__atomic_sub_fetch(&process->refs, 1, __ATOMIC_ACQ_REL))
		process_free(process);
}

/* The process whose memory this one uses: its own, or the lender's. */
struct process *process_memory(struct process *process);
/* True if there is an exec block. */
bool process_wanted(void);

/* Ends the process with this wait status, whoever calls first decides; all its threads end soon. Returns. */
void process_exit(struct process *process, int wait_status);

/* The last thread is gone: tells Linux and stops the isle. */
__attribute__((noreturn)) void process_finish(struct process *process);

#endif
