// SPDX-License-Identifier: MIT
/*
 * harm.c - a core does what no kernel should, for tests of those who watch it.
 */
#include <arch/harm.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <arch/regs.h>
#include <isle/uhyve.h>
#include <kern/extent.h>

#define HARM_START  (KERNEL_AREA_IOAPIC + 0x1000)
#define HARM_END    (HARM_START + (16ull << 20))

void harm_triple_fault(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) none = { 0, 0 };

	__asm__ volatile("lidt %0; ud2" :: "m"(none));
	cpu_halt();
}

static bool port_parks(uint32_t port)
{
	return port >= ISLE_UHYVE_PORT_PARK - 3 && port <= ISLE_UHYVE_PORT_PARK;
}

void harm_ports(void)
{
	uint32_t port, garbage = 0x5a5aa5a5;

	/* Each port once: all of them in a row take a software KVM seconds. */
	for (port = 0; port < 0x10000; port += port < 0x1000 ? 1 : 61) {
		if (port_parks(port))
			continue;
		port_write8((uint16_t)port, (uint8_t)garbage);
		port_write32((uint16_t)port, garbage);
		garbage = garbage * 1103515245u + 12345u + port_read8((uint16_t)port);
	}
}

void harm_port(uint16_t port, uint64_t garbage)
{
	if (port_parks(port))
		return;
	port_write32(port, (uint32_t)garbage);
	port_write8(port, (uint8_t)(garbage + port_read8(port)));
}

void harm_address(uint64_t address, uint64_t garbage)
{
	/* A page of the kernel's area for each, which nothing else uses. */
	static uint64_t next = HARM_START;
	uint64_t hpa = address & ((garbage % 2 ? 1ull << 32 : 1ull << 36) - 1) & ~0xfffull;
	volatile uint64_t *at = (volatile uint64_t *)next;

	if (extent_of_hpa(hpa) < extents.nr || next >= HARM_END || mmu_map_page(next, hpa, MAP_WRITE | MAP_UNCACHED))
		return;
	next += 0x1000;
	at[address % 512] = garbage;
	*(volatile uint8_t *)at = (uint8_t)at[garbage % 512];
}
