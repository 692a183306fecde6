/* SPDX-License-Identifier: MIT */
/*
 * task_priv.h - what the files of task/ share and nobody else needs.
 */
#ifndef TASK_PRIV_H
#define TASK_PRIV_H

struct thread;

/* Frees a dead thread that is off its core. */
void thread_free(struct thread *thread);
/* The first thing a new thread does in the kernel. */
void sched_first(void);

#endif
