// SPDX-License-Identifier: MIT
/*
 * stop.c - the end in order: others park, the state is said, the last core parks.
 */
#include <kern/stop.h>

#include <arch/cpu.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/inject.h>
#include <kern/ipi.h>
#include <kern/log.h>
#include <kern/panic.h>
#include <kern/time.h>
#include <plat/plat.h>

#define OTHERS_MS  5000u

static bool stopping;

/*
 * Interrupt handler's end of a call from the stopping core; it does not return, so the call is
 * never seen as done.
 */
static void park_here(void *arg)
{
	(void)arg;
	plat_park(ISLE_CPU_PARKING);
}

static bool core_left(uint32_t row)
{
	return __atomic_load_n(&boot_cpu(row)->state, __ATOMIC_ACQUIRE) == ISLE_CPU_PARKING;
}

static void others_park(void)
{
	struct cpuset others = cpus_up;
	uint64_t end = time_deadline_ms(OTHERS_MS);
	uint32_t row;

	cpuset_remove(&others, this_cpu()->row);
	ipi_post(&others, park_here, NULL);
	cpuset_for_each(row, &others)
		while (!core_left(row)) {
			if (time_past(end))
				panic("stop: core %u does not answer", row);
			cpu_relax();
		}
}

void isle_stop(int32_t wait_status)
{
	irq_disable();
	/* Who comes second waits to be parked by who came first. */
	while (__atomic_exchange_n(&stopping, true, __ATOMIC_ACQ_REL)) {
		ipi_poll();
		cpu_relax();
	}
	inject(INJECT_STOP);
	log_info("stop: status %d", wait_status);
	others_park();
	boot->exit_code = wait_status;
	boot_state_set(ISLE_STATE_STOPPED);
	bell_ring(ISLE_BELL_STATE);
	plat_park(ISLE_CPU_PARKING);
}

void doorbell_answer(void)
{
	if (__atomic_load_n(&boot->request, __ATOMIC_ACQUIRE) & ISLE_REQUEST_STOP)
		isle_stop(0);
}
