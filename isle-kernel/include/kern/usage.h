/* SPDX-License-Identifier: MIT */
/*
 * usage.h - processor time that threads have used.
 */
#ifndef KERN_USAGE_H
#define KERN_USAGE_H

#include <stdint.h>

struct process;
struct thread;

/* The calling thread's, up to now. */
uint64_t usage_thread_ns(const struct thread *thread);
/* All threads', ended ones included; of others as of their last switch if they run. */
uint64_t usage_process_ns(struct process *process);
/* Pages of 4 KiB that are present. */
uint64_t usage_resident(const struct process *process);

#endif
