/* SPDX-License-Identifier: MIT */
/*
 * ipi.h - functions run on other cores.
 */
#ifndef KERN_IPI_H
#define KERN_IPI_H

#include <stdbool.h>

#include <kern/cpuset.h>

/* All cores that are up. */
extern struct cpuset cpus_up;

/*
 * Runs run(arg) on each core of the set (last on the caller, if it is in) with interrupts off, and
 * waits for all. Calls of other cores are answered meanwhile. run must not make such a call itself.
 * Returns false if a core did not answer within the bound (the call may then still run there: only
 * a caller that gives up all may ignore it).
 */
bool ipi_call(const struct cpuset *set, void (*run)(void *arg), void *arg);

/*
 * The same without waiting, and not on the caller; for functions that do not return. There is one
 * call at a time.
 */
void ipi_post(const struct cpuset *set, void (*run)(void *arg), void *arg);

/* Runs what other cores want of this one. For the interrupt handler, and for loops that wait. */
void ipi_poll(void);

#endif
