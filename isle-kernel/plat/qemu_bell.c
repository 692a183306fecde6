// SPDX-License-Identifier: MIT
/*
 * qemu_bell.c - an isle in QEMU with a proxy: both doorbells are the bytes of one serial port (abi/isle/qemu.h).
 *
 * Port: a 16550 as QEMU has it (National Semiconductor PC16550D). Its interrupt comes through the IO-APIC
 * (Intel 82093AA) to row 0. The interrupt is an edge: the handler takes bytes until there are none, so
 * that the next one makes a new edge.
 */
#include <plat/plat.h>

#include "qemu_priv.h"

#include <arch/cpu.h>
#include <arch/lapic.h>
#include <arch/mmu.h>
#include <arch/regs.h>
#include <isle/qemu.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/panic.h>

#define PORT(reg)     (ISLE_QEMU_BELL_PORT + (reg))
enum { UART_DATA = 0, UART_IER = 1, UART_FCR = 2, UART_LCR = 3, UART_MCR = 4, UART_LSR = 5 };
#define IER_DATA      0x01
#define FCR_FRESH     0x07    /* both queues on and empty, an interrupt for each byte */
#define LCR_8_BITS    0x03
#define MCR_OUT       0x0b    /* ready, and the interrupt line connected */
#define LSR_DATA      0x01

/* Registers are reached by writing their number to one word, then using another. */
#define IOAPIC_HPA    0xfec00000ull
#define IOAPIC_SELECT 0x00
#define IOAPIC_WINDOW 0x10
#define IOAPIC_REDIRECT(pin)  (0x10 + 2 * (pin))

/* More bytes than that at once are no bells; the interrupt comes again for the others. */
#define BYTES_MAX     1024u

void qemu_bell_send(uint8_t byte)
{
	/*
	 * Not looking whether there is room: if there is none, bytes are on their way and the proxy
	 * will look.
	 */
	port_write8(PORT(UART_DATA), byte);
}

static void ioapic_write(uint32_t reg, uint32_t value)
{
	*(volatile uint32_t *)(KERNEL_AREA_IOAPIC + IOAPIC_SELECT) = reg;
	*(volatile uint32_t *)(KERNEL_AREA_IOAPIC + IOAPIC_WINDOW) = value;
}

/* Row 0, once its own interrupt controller works. */
static void bell_open(void)
{
	uint32_t pin = IOAPIC_REDIRECT(ISLE_QEMU_BELL_IRQ);

	if (mmu_map_page(KERNEL_AREA_IOAPIC, IOAPIC_HPA, MAP_WRITE | MAP_UNCACHED))
		panic("doorbell: no memory for the page table of the IO-APIC");
	/* Fixed delivery to one APIC id, active high, edge. The target before the vector, which unmasks. */
	ioapic_write(pin + 1, boot_cpu(0)->apic_id << 24);
	ioapic_write(pin, ISLE_VECTOR_DOORBELL);
	port_write8(PORT(UART_LCR), LCR_8_BITS);
	port_write8(PORT(UART_FCR), FCR_FRESH);
	port_write8(PORT(UART_MCR), MCR_OUT);
	port_write8(PORT(UART_IER), IER_DATA);
}

/* Row 0 takes all bytes and passes other rows' on. */
static void bell_rung(void)
{
	uint32_t i, row;

	if (this_cpu()->row != 0)
		return;
	for (i = 0; i < BYTES_MAX && (port_read8(PORT(UART_LSR)) & LSR_DATA); i++) {
		row = port_read8(PORT(UART_DATA));
		if (row == 0 || row >= boot->nr_cpus)
			continue;
		lapic_send(boot_cpu(row)->apic_id, ISLE_VECTOR_DOORBELL);
		counter_inc(IPIS_OUT);
	}
}

static void bell_ring_proxy(void)
{
	qemu_bell_send(ISLE_QEMU_BYTE_BELL);
	counter_inc(DOORBELLS_OUT);
}

/* The log is the proxy's to read. */
static void nothing(void)
{
}

const struct plat plat_qemu = {
	.name = "qemu",
	.ring = bell_ring_proxy,
	.rung = bell_rung,
	.open = bell_open,
	.log_written = nothing,
	.cpus_start = qemu_cpus_start,
	.park = qemu_park,
};
