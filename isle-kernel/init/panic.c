// SPDX-License-Identifier: MIT
/*
 * panic.c - last words, then the end: of all cores, and in a state that Linux understands.
 *
 * The first core to panic speaks; others are stopped by NMI, and one that panics meanwhile parks
 * silently. A panic on the speaking core says no more. Nothing here takes a lock without a bound or
 * walks memory without a check.
 */
#include <kern/panic.h>

#include <stdarg.h>

#include <arch/cpu.h>
#include <arch/enter.h>
#include <arch/lapic.h>
#include <arch/trap.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/fmt.h>
#include <kern/ipi.h>
#include <kern/log.h>
#include <kern/symbols.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <plat/plat.h>

#define NOBODY        (~0u)
#define BACKTRACE_MAX 32u
#define OTHERS_MS     200u

static uint32_t speaker = NOBODY;

bool panic_stops_me(void)
{
	uint32_t row = __atomic_load_n(&speaker, __ATOMIC_ACQUIRE);

	return row != NOBODY && row != this_cpu()->row;
}

static bool runs(uint32_t row)
{
	return __atomic_load_n(&boot_cpu(row)->state, __ATOMIC_ACQUIRE) == ISLE_CPU_UP;
}

/* Others stop at the NMI and say so in their row. */
static void others_stop(void)
{
	uint64_t end = time_deadline_ms(OTHERS_MS);
	uint32_t row;

	if (!lapic_ready())
		return;
	cpuset_for_each(row, &cpus_up)
		if (row != this_cpu()->row)
			lapic_send_nmi(cpu_by_row[row]->apic_id);
	cpuset_for_each(row, &cpus_up) {
		if (row == this_cpu()->row)
			continue;
		while (runs(row) && !time_past(end))
			cpu_relax();
	}
}

static void address_print(const char *what, uint64_t addr)
{
	uint64_t distance;
	const char *name = symbol_find(&kernel_symbols, addr, &distance);

	if (name)
		log_error("  %s %016lx %s+%#lx", what, (unsigned long)addr, name,
			  (unsigned long)distance);
	else
		log_error("  %s %016lx", what, (unsigned long)addr);
}

/* The stack that rbp lies in: a thread's, or else one of this core's. */
static void stack_bounds(uint64_t rbp, uint64_t *low, uint64_t *high)
{
	const struct thread *me = this_cpu()->current;

	cpu_stack_bounds(this_cpu(), low, high);
	if (me && rbp - (uint64_t)(uintptr_t)me->stack < THREAD_STACK_SIZE) {
		*low = (uint64_t)(uintptr_t)me->stack;
		*high = *low + THREAD_STACK_SIZE;
	}
}

/* Frames must ascend within this core's stacks; reading them may fail. */
static void backtrace_print(uint64_t rbp)
{
	uint64_t low, high, next, addr;
	uint32_t depth;

	stack_bounds(rbp, &low, &high);
	for (depth = 0; depth < BACKTRACE_MAX; depth++) {
		if (rbp < low || rbp > high - 16 || rbp % 8 ||
		    !probe_read((const void *)rbp, &next) ||
		    !probe_read((const void *)(rbp + 8), &addr) || !addr)
			return;
		/* The call, not what comes after it. */
		address_print("called from", addr - 1);
		low = rbp + 16;
		rbp = next;
	}
}

/* The last line says it all once more: it is what status displays show. */
__attribute__((noreturn))
static void finish(const char *why)
{
	if (why)
		log_error("panic: %s on core %u: the isle ends", why, this_cpu()->row);
	boot->panic_cpu = this_cpu()->row;
	boot_state_set(ISLE_STATE_PANICKED);
	bell_ring(ISLE_BELL_STATE | ISLE_BELL_LOG);
	plat_park(ISLE_CPU_DEAD);
}

/* Decides who speaks. Does not return on any other core, nor the second time on the same one. */
static void begin(void)
{
	uint32_t first = NOBODY, me = this_cpu()->row;

	irq_disable();
	if (!__atomic_compare_exchange_n(&speaker, &first, me, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE)) {
		if (first == me)
			finish(NULL);
		plat_park(ISLE_CPU_DEAD);
	}
	log_lock_break();
	others_stop();
}

void panic(const char *format, ...)
{
	char text[256];
	va_list args;

	begin();
	va_start(args, format);
	fmt_vprint(text, sizeof(text), format, args);
	va_end(args);
	log_error("panic: %s", text);
	backtrace_print((uint64_t)(uintptr_t)__builtin_frame_address(0));
	finish(text);
}

void panic_trap(const struct trap_frame *frame, const char *what, uint64_t fault_addr)
{
	begin();
	log_error("panic: %s, error code %#lx, address %#lx", what, frame->error,
		  (unsigned long)fault_addr);
	trap_registers_print(frame);
	address_print("at", frame->rip);
	backtrace_print(frame->rbp);
	finish(what);
}
