/* SPDX-License-Identifier: MIT */
/*
 * itimer.h - the three interval timers of a process (setitimer).
 */
#ifndef KERN_ITIMER_H
#define KERN_ITIMER_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/cpu_timer.h>
#include <kern/lock.h>
#include <kern/timer.h>

struct itimers {
	struct spinlock lock;           /* guards what follows; taken before the process's */
	struct {
		struct process *process;
		struct timer timer;     /* of the core of the thread that set it */
		uint64_t interval;
		bool armed;
	} real;
	struct itimer_cpu {
		struct process *process;
		struct cpu_timer timer;
		uint64_t interval;
		bool armed;
		int signo;
	} cpu[2];                       /* ITIMER_VIRTUAL, ITIMER_PROF */
};

#endif
