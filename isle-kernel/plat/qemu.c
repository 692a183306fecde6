// SPDX-License-Identifier: MIT
/*
 * qemu.c - the isle kernel alone in QEMU: the log goes to the serial port, the end is QEMU's end.
 *
 * There is no Linux here, so this side is also the reader of the log ring. With a proxy: qemu_bell.c.
 */
#include <plat/plat.h>

#include "qemu_priv.h"

#include <arch/cpu.h>
#include <arch/regs.h>
#include <isle/qemu.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/fmt.h>
#include <kern/log.h>

#define UART            ISLE_QEMU_TEXT_PORT /* 16550: data; +5 line status */
#define UART_LSR        (UART + 5)
#define UART_LSR_EMPTY  0x20
#define DEBUG_EXIT      ISLE_QEMU_EXIT_PORT /* QEMU -device isa-debug-exit,iobase=0xf4,iosize=4 */
#define PM1A_CONTROL    0x604   /* where QEMU's firmware puts it, pc and q35 */
#define PM1A_S5         0x2000

void uart_write(const char *text, uint32_t size)
{
	uint32_t i, tries;

	for (i = 0; i < size; i++) {
		for (tries = 0; tries < 100000 && !(port_read8(UART_LSR) & UART_LSR_EMPTY); tries++)
			;
		port_write8(UART, (uint8_t)text[i]);
	}
}

static void record_show(const struct isle_log_record *record)
{
	static const char level[] = "?EWID";
	uint64_t us = record->time_ns / 1000;
	char head[48];
	size_t size;

	if (record->level == ISLE_LOG_PAD || record->level >= sizeof(level) - 1)
		return;
	size = fmt_print(head, sizeof(head), "[%5lu.%06lu] %u %c ", (unsigned long)(us / 1000000),
			 (unsigned long)(us % 1000000), record->cpu, level[record->level]);
	uart_write(head, (uint32_t)size);
	uart_write((const char *)(record + 1), record->text_size);
	uart_write("\r\n", 2);
}

/* Under the log's lock. */
static void qemu_log_written(void)
{
	struct isle_log *log = private_at(boot->log_ipa);
	uint64_t size = log->data_size;

	while (log->tail != log->head) {
		const uint8_t *at = (uint8_t *)(log + 1) + (log->tail & (size - 1));
		const struct isle_log_record *record = (const struct isle_log_record *)at;

		if (log->head - log->tail > size || record->size < sizeof(*record)) {
			log->tail = log->head;
			return;
		}
		record_show(record);
		log->tail += record->size;
	}
}

/* Nobody listens: the reasons are taken at once. */
static void qemu_ring(void)
{
	__atomic_store_n(&boot->bell, 0, __ATOMIC_RELEASE);
}

/*
 * Whoever leaves after the isle's last state was set leaves last, and QEMU with it. Three ways out; those that are not
 * there do nothing.
 */
__attribute__((noreturn))
void qemu_park(struct cpu *cpu)
{
	uint32_t state = __atomic_load_n(&boot->state, __ATOMIC_ACQUIRE);
	bool panicked = state == ISLE_STATE_PANICKED;

	(void)cpu;
	if (panicked || state == ISLE_STATE_STOPPED) {
		port_write32(DEBUG_EXIT, panicked ? 0x7f : (uint32_t)boot->exit_code >> 8 & 0x7f);
		if (!panicked)
			port_write16(PM1A_CONTROL, PM1A_S5);
	}
	cpu_halt();
}

const struct plat plat_qemu_alone = {
	.name = "qemu",
	.ring = qemu_ring,
	.log_written = qemu_log_written,
	.cpus_start = qemu_cpus_start,
	.park = qemu_park,
};
