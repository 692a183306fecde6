/* SPDX-License-Identifier: MIT */
/*
 * debug.h - the program under a debugger on Linux, or about to leave a core file (abi/isle/debug.h).
 *
 * A process has a struct debug once somebody wants one; it has a thread of its own, the server, which answers requests,
 * because they touch program memory and may block. All functions but debug_doorbell and debug_start belong to
 * the threads of the process.
 */
#ifndef KERN_DEBUG_H
#define KERN_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/debug.h>

struct process;
struct signal_info;
struct thread;
struct trap_frame;

struct debug {
	/* Constant. */
	struct thread *server;

	/* Guarded by the process's lock. */
	bool attached;               /* signals are reported */
	bool core;                   /* a death that dumps core is reported */
	bool stopping;               /* every thread but the server is to stop, or has */
	uint32_t stop_tid, stop_signo;
	bool stop_fatal;
	uint8_t stop_info[128];

	/* The server's. */
	bool published;              /* the proxy knows of this stop */
};

/* The program is about to start: prepares what the proxy wants. 0, or -ENOMEM. */
int debug_start(struct process *process, struct thread *first);
/* The proxy has rung row 0. */
void debug_doorbell(void);

/* The calling thread has THREAD_WORK_DEBUG: stays here while it is to be stopped. The server never returns. */
void debug_park(void);
/* The calling thread is the program's first, loaded and not started: stops as the proxy wanted. */
void debug_hold(void);
/*
 * The calling thread is about to take a signal; fatal: it will dump core. Stops the program if somebody wants to
 * know. Returns the signal to take instead, 0 for none.
 */
int debug_report(struct trap_frame *frame, int signo, const struct signal_info *info, bool fatal);
/* A thread has left the process, which has a debug: true if only the server is left. Lock of the process held. */
bool debug_alone(const struct process *process);
/* A new thread of a process that has a debug stops too if the others are to. Lock held. */
void debug_inherit(struct process *process, struct thread *child);

/* ops.c: a thread of the program, which is stopped: it stays. NULL if there is none with that id. */
struct thread *debug_thread(struct process *process, uint32_t tid);
/* ops.c: one request that looks at or changes the stopped program. Its result. */
int debug_op(struct process *process, struct isle_debug *block, uint32_t op);

/* arch: registers of a stopped thread. */
void debug_regs_get(const struct thread *thread, struct isle_debug_regs *regs);
void debug_regs_set(struct thread *thread, const struct isle_debug_regs *regs);
/* arch: single steps of a stopped thread, on or off. */
void debug_step_set(struct thread *thread, bool on);

#endif
