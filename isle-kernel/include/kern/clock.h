/* SPDX-License-Identifier: MIT */
/*
 * clock.h - the clocks that a program knows.
 *
 * CLOCK_MONOTONIC counts time asleep too, as CLOCK_BOOTTIME does: a host with isles does not sleep.
 */
#ifndef KERN_CLOCK_H
#define KERN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

uint64_t clock_realtime_ns(void);
uint64_t clock_monotonic_ns(void);

struct vdso_data;
/* What the vDSO needs to tell the same. */
void clock_vdso(struct vdso_data *data);
/* The moment of time_ns() at which one of these clocks shows clock_ns; now, if that has passed. */
uint64_t clock_to_time(uint64_t clock_ns, bool realtime);

#endif
