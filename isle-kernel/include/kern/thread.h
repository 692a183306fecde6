/* SPDX-License-Identifier: MIT */
/*
 * thread.h - threads of the program.
 *
 * A thread lives from thread_create() (or the program's start) to thread_exit(); its memory goes
 * when it is off its core and nobody holds it. Fields are grouped by who may touch them.
 */
#ifndef KERN_THREAD_H
#define KERN_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/percpu.h>
#include <isle/types.h>
#include <kern/cpuset.h>
#include <kern/list.h>
#include <kern/lock.h>
#include <kern/policy.h>

struct process;
struct trap_frame;

enum thread_state {
	THREAD_NEW,       /* made, not started: nobody but thread_start lets it run */
	THREAD_RUNNABLE,  /* runs, or waits in its core's queue */
	THREAD_BLOCKED,   /* waits for thread_wake */
	THREAD_DEAD,      /* will not run again */
};

/* Bits of thread.work: what is to be done before the thread goes back to the program. */
#define THREAD_WORK_SIGNAL   (1u << 0)  /* a signal may be pending */
#define THREAD_WORK_EXIT     (1u << 1)  /* the process ends */
#define THREAD_WORK_MIGRATE  (1u << 2)  /* this core is no longer allowed */
#define THREAD_WORK_RESCHED  (1u << 3)  /* the time slice is over */
#define THREAD_WORK_START    (1u << 5)  /* the first thread: the program is still to be loaded */
#define THREAD_WORK_DEBUG    (1u << 6)  /* a debugger wants it to stop */
#define THREAD_WORK_STOP     (1u << 7)  /* the program is stopped */
#define THREAD_WORK_STRACE   (1u << 4)  /* constant: calls are written to the log */

#define THREAD_STACK_SIZE    (16u << 10)
#define THREAD_TID_BASE      (1u << 22)  /* ids of threads after the first: above every id that Linux gives */

struct thread {
	/* Used by entry code (offsets in arch/thread_layout.h). */
	uint64_t kernel_sp;          /* where the kernel stack begins for this thread */
	uint64_t saved_sp;           /* while it does not run: its stack pointer, registers pushed */
	uint32_t work;               /* THREAD_WORK_*: set by anybody (atomic or), cleared by the thread */
	uint32_t reserved;

	/* Constant. */
	struct process *process;
	uint32_t tid;
	uint32_t slot;               /* call slot */
	void    *stack;              /* THREAD_STACK_SIZE bytes */

	/* The thread's own. */
	isle_uva_t fs_base, gs_base;
	void    *fpu;                /* XSAVE or FXSAVE area, 64-byte aligned */
	isle_uva_t clear_child_tid;
	isle_uva_t robust_list;
	struct policy policy;        /* for memory it touches first */
	uint64_t policy_next;        /* pages interleaved so far */
	bool     calling;            /* the proxy makes a call for it, or is about to (atomic) */
	bool     peeking;            /* a fault of the kernel must not fill pages now */
	struct trap_frame *frame;    /* registers of the program, while in the kernel with a full frame */

	/* Guarded by the lock of its core's run queue. */
	enum thread_state state;
	uint32_t row;                /* core it runs on or is queued on */
	struct list run_link;
	bool     wake_pending;       /* woken before it had blocked */
	uint8_t  sched_policy;       /* SCHED_* */
	uint8_t  priority;           /* 1 to 99 with SCHED_FIFO and SCHED_RR, else 0 */
	bool     sched_reset;        /* SCHED_RESET_ON_FORK: threads that it makes have none (the process's lock) */

	/* Guarded by the process's lock. */
	struct list process_link;
	bool     leaving;            /* ends: owns no lock any more that others wait for */
	struct cpuset affinity;

	/* Guarded by the wait queue it is on. */
	struct list wait_link;

	/* Accounting: written by its core. */
	uint64_t run_clock, system_clock;   /* ticks it ran; and in the kernel: kern/usage.h */
	uint64_t kernel_since;       /* what run_clock showed when it last entered the kernel */
	uint64_t switches_voluntary, switches_forced;
	uint64_t faults;             /* pages it asked for */

	/* Signals: the process's lock. */
	uint64_t sig_blocked;
	uint64_t sig_pending;
	struct list sig_queue;
	uint64_t sig_awaited;        /* what sigtimedwait waits for, blocked or not */
	uint64_t sig_saved;          /* mask to be restored by sigsuspend and the like */
	bool     sig_restore;
	isle_uva_t altstack;
	uint64_t altstack_size;
	uint32_t altstack_flags;

	/* The last exception of the program, for the handler's context. */
	uint64_t fault_vector, fault_error, fault_addr;

	/* Debugger: debug_stop is set under the process's lock, the rest is the thread's while it runs. */
	bool     debug_stop;         /* it must not go back to ring 3 */
	bool     debug_parked;       /* it waits because of that */
	bool     debug_hold;         /* the first thread: stop when the program is loaded */
	bool     debug_held;         /* it is there */
	uint32_t debug_pass;         /* this signal came from the debugger: not to be reported again */
	uint32_t debug_signo;        /* the signal to take when it goes on; 0: none */

	char     name[16];
};

/* The thread that this core runs; NULL on a core that has none. */
static inline struct thread *thread_current(void)
{
	return this_cpu_thread();
}

/*
 * Makes a thread of a process that begins with the registers of *frame when thread_start is called. Others find it at
 * once; it blocks all signals until the caller says otherwise. NULL for want of memory or slots.
 */
struct thread *thread_create(struct process *process, const struct trap_frame *frame);
/* Places it on the least loaded allowed core and makes it runnable. */
void thread_start(struct thread *thread);
/* Undoes thread_create of a thread that was never started. */
void thread_discard(struct thread *thread);
/*
 * Ends the calling thread as Linux does: robust futexes, clear_child_tid, then thread_exit. To be
 * called without locks.
 */
__attribute__((noreturn)) void thread_leave(void);
/* Ends the calling thread (its address-space duties are done by then). */
__attribute__((noreturn)) void thread_exit(void);

/*
 * Waiting. A thread that wants to wait calls thread_block_prepare, makes itself findable, and calls
 * thread_block; whoever finds it calls thread_wake. A wake between the two is not lost:
 * thread_block then returns at once. Wakes may be spurious: callers look again.
 */
void thread_block_prepare(void);
void thread_block(void);
void thread_wake(struct thread *thread);

/* Sets bits of work and sees to it that the thread notices soon, wherever it is. */
void thread_work_set(struct thread *thread, uint32_t bits);

#endif
