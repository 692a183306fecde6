// SPDX-License-Identifier: MIT
/*
 * uhyve.c - a virtual machine whose monitor is the proxy: doorbells and the end are port writes (abi/isle/uhyve.h).
 */
#include <plat/plat.h>

#include <arch/cpu.h>
#include <arch/regs.h>
#include <isle/uhyve.h>
#include <kern/cpu.h>

/* The monitor takes the reasons; a port write orders the stores before it (Intel SDM vol. 3, 9.3). */
static void uhyve_ring(void)
{
	port_write8(ISLE_UHYVE_PORT_BELL, 0);
	counter_inc(DOORBELLS_OUT);
}

static void uhyve_nothing(void)
{
}

__attribute__((noreturn))
static void uhyve_park(struct cpu *cpu)
{
	(void)cpu;
	port_write8(ISLE_UHYVE_PORT_PARK, 0);
	cpu_halt();
}

const struct plat plat_uhyve = {
	.name = "uhyve",
	.ring = uhyve_ring,
	.log_written = uhyve_nothing,
	.cpus_start = uhyve_nothing,
	.park = uhyve_park,
};
