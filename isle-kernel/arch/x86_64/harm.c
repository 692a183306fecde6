// SPDX-License-Identifier: MIT
/*
 * harm.c - a core does what no kernel should, for tests of those who watch it.
 */
#include <arch/harm.h>

#include <arch/cpu.h>
#include <arch/regs.h>
#include <isle/uhyve.h>

void harm_triple_fault(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) none = { 0, 0 };

	__asm__ volatile("lidt %0; ud2" :: "m"(none));
	cpu_halt();
}

void harm_ports(void)
{
	uint32_t port, garbage = 0x5a5aa5a5;

	/* Each port once: all of them in a row take a software KVM seconds. */
	for (port = 0; port < 0x10000; port += port < 0x1000 ? 1 : 61) {
		if (port >= ISLE_UHYVE_PORT_PARK - 3 && port <= ISLE_UHYVE_PORT_PARK)
			continue;
		port_write8((uint16_t)port, (uint8_t)garbage);
		port_write32((uint16_t)port, garbage);
		garbage = garbage * 1103515245u + 12345u + port_read8((uint16_t)port);
	}
}
