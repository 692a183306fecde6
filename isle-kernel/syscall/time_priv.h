/* SPDX-License-Identifier: MIT */
/*
 * time_priv.h - what the calls about time share: Linux's timespec and timeval, clocks of processor time.
 */
#ifndef SYSCALL_TIME_PRIV_H
#define SYSCALL_TIME_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

struct cpu_timer;

#define TIME_NS  1000000000ull

struct user_time {
	int64_t sec, part;   /* nanoseconds or microseconds */
};

/*
 * Nanoseconds to and from the program; unit: how many one of its second word is (1 or 1000). 0, -EFAULT,
 * -EINVAL for what is no time.
 */
int time_put(uint64_t ns, isle_uva_t to, uint64_t unit);
int time_get(uint64_t *ns, isle_uva_t from, uint64_t unit);

/* True if a clock's id means processor time of ours; *timer then says whose, and is empty otherwise. */
bool clock_is_cpu(int32_t id, struct cpu_timer *timer);

#endif
