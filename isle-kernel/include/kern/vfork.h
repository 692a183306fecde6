/* SPDX-License-Identifier: MIT */
/*
 * vfork.h - children of the program that borrow its memory until they run another program.
 *
 * On the isle such a child is a process with one thread and its lender's address space; on Linux it
 * is a real process, which makes the calls that the thread forwards (abi/isle/call.h, "A child of
 * vfork").
 */
#ifndef KERN_VFORK_H
#define KERN_VFORK_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/clone.h>
#include <kern/waitq.h>

struct process;

/* What a process has while it is such a child (process.vfork). */
struct vfork {
	struct process *lender;      /* constant */
	struct clone_args args;      /* constant */
	bool gone;                   /* the process on Linux is no longer there: the child's thread */
	int64_t result;              /* pid, or -errno: the child's thread, until over */
	bool over;                   /* the lender's thread may go on: queue's lock */
	struct waitq queue;
};

/* vfork, and clone with CLONE_VM and CLONE_VFORK: the calling thread waits. The child's pid, or -errno. */
int64_t vfork_make(const struct clone_args *args);

/* The first thing the child's thread does: asks for its process on Linux. */
void vfork_begin(void);

/* The child's thread becomes another program on Linux; returns -errno if it did not. Names: the program's. */
int64_t vfork_exec(int32_t dirfd, uint64_t path, uint64_t argv, uint64_t envp, uint32_t flags);

/* Linux said that the calling thread's process is gone: it ends before it sees the program again. */
void vfork_gone(void);

/* The last thing the child's thread does: ends its process on Linux, if it is there, wakes the lender. */
void vfork_leave(void);

#endif
