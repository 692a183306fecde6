// SPDX-License-Identifier: MIT
/*
 * time.c - TSC ticks to nanoseconds and back, by multiplication only.
 */
#include <kern/time.h>

#include <arch/cpu.h>

#define DEFAULT_KHZ  1000000u
#define SHIFT        32

static uint64_t zero, khz = DEFAULT_KHZ;
static uint64_t ns_per_tick = 1ull << SHIFT;   /* in units of 2^-SHIFT */

void time_init(uint64_t tsc_khz, uint64_t zero_tsc)
{
	khz = tsc_khz ? tsc_khz : DEFAULT_KHZ;
	ns_per_tick = (1000000ull << SHIFT) / khz;
	zero = zero_tsc;
}

uint64_t time_ticks_ns(uint64_t ticks)
{
	return (uint64_t)((unsigned __int128)ticks * ns_per_tick >> SHIFT);
}

uint64_t time_tick_ns(void)
{
	return ns_per_tick;
}

uint64_t time_ns(void)
{
	return time_ticks_ns(tsc_read() - zero);
}

uint64_t time_ticks_us(uint64_t us)
{
	return us * khz / 1000;
}

uint64_t time_deadline_ms(uint64_t ms)
{
	return tsc_read() + ms * khz;
}

bool time_past(uint64_t deadline)
{
	return (int64_t)(tsc_read() - deadline) >= 0;
}
