/* SPDX-License-Identifier: MIT */
/*
 * timer.h - the core's own timer, one shot, vector ISLE_VECTOR_TIMER.
 */
#ifndef ARCH_TIMER_H
#define ARCH_TIMER_H

#include <stdint.h>

/* Interrupts this core once, so many microseconds from now; replaces an earlier order. */
void timer_start_us(uint64_t us);
void timer_stop(void);

#endif
