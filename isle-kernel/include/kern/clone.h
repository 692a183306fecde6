/* SPDX-License-Identifier: MIT */
/*
 * clone.h - clone's flags (linux/sched.h) and arguments.
 */
#ifndef KERN_CLONE_H
#define KERN_CLONE_H

#include <stdint.h>

struct thread;

#define CLONE_VM              0x100ull
#define CLONE_FS              0x200ull
#define CLONE_FILES           0x400ull
#define CLONE_SIGHAND         0x800ull
#define CLONE_PIDFD           0x1000ull
#define CLONE_VFORK           0x4000ull
#define CLONE_THREAD          0x10000ull
#define CLONE_SETTLS          0x80000ull
#define CLONE_PARENT_SETTID   0x100000ull
#define CLONE_CHILD_CLEARTID  0x200000ull
#define CLONE_CHILD_SETTID    0x1000000ull
#define CLONE_CLEAR_SIGHAND   0x100000000ull

/* clone3's struct clone_args; clone's arguments are brought into this form. */
struct clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

/* What a new thread has from the calling one: mask, affinity, extended state, segment bases, name. */
void clone_inherit(struct thread *child, const struct clone_args *args);

#endif
