/* SPDX-License-Identifier: MIT */
/*
 * time.h - time from the TSC: what a tick is worth, and bounds for waiting.
 */
#ifndef KERN_TIME_H
#define KERN_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Takes the rate of the TSC and the moment that counts as zero. A rate of 0 is taken as 1 GHz. */
void time_init(uint64_t tsc_khz, uint64_t zero_tsc);

/* Nanoseconds since the isle's first instruction. */
uint64_t time_ns(void);

/* Nanoseconds that so many TSC ticks take. */
uint64_t time_ticks_ns(uint64_t ticks);

/* What one tick is, in units of 2^-32 ns. */
uint64_t time_tick_ns(void);
/* The TSC ticks in so many microseconds. */
uint64_t time_ticks_us(uint64_t us);

/* A moment so many milliseconds from now, for time_past. */
uint64_t time_deadline_ms(uint64_t ms);
bool time_past(uint64_t deadline);

#endif
