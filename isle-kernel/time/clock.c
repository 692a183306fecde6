// SPDX-License-Identifier: MIT
/*
 * clock.c - Linux's clocks, from the TSC and the moment that the loader wrote down
 * (isle_boot.tsc_base).
 */
#include <kern/clock.h>

#include <arch/cpu.h>
#include <kern/boot.h>
#include <kern/time.h>
#include <vdso/data.h>

static uint64_t since_base(void)
{
	return time_ticks_ns(tsc_read() - boot->tsc_base);
}

uint64_t clock_realtime_ns(void)
{
	return boot->realtime_ns + since_base();
}

uint64_t clock_monotonic_ns(void)
{
	return boot->boottime_ns + since_base();
}

void clock_vdso(struct vdso_data *data)
{
	data->tsc_base = boot->tsc_base;
	data->base_ns[VDSO_REALTIME] = boot->realtime_ns;
	data->base_ns[VDSO_MONOTONIC] = boot->boottime_ns;
	data->ns_per_tick = time_tick_ns();
}

uint64_t clock_to_time(uint64_t clock_ns, bool realtime)
{
	uint64_t now = realtime ? clock_realtime_ns() : clock_monotonic_ns(), here = time_ns();

	if (clock_ns <= now)
		return here;
	return clock_ns - now > ~0ull - 1 - here ? ~0ull - 1 : here + (clock_ns - now);
}
