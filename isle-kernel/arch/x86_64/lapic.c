// SPDX-License-Identifier: MIT
/*
 * lapic.c - the local interrupt controller: set-up, sending, end of interrupt.
 *
 * Registers: Intel SDM vol. 3, 11.4 (xAPIC) and 11.12 (x2APIC). The mode is Linux's choice and
 * stays. The logical id is never set: it is 0 after INIT, so that Linux's logical interrupts match
 * no core of an isle.
 */
#include <arch/lapic.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <arch/regs.h>
#include <arch/timer.h>
#include <isle/boot.h>
#include <kern/panic.h>
#include <kern/time.h>

enum {
	REG_VERSION = 0x030, REG_TPR = 0x080, REG_EOI = 0x0b0, REG_SVR = 0x0f0, REG_ISR = 0x100,
	REG_ICR = 0x300, REG_ICR_HIGH = 0x310,
	REG_LVT_CMCI = 0x2f0, REG_LVT_TIMER = 0x320, REG_LVT_THERMAL = 0x330, REG_LVT_PERF = 0x340,
	REG_LVT_LINT0 = 0x350, REG_LVT_LINT1 = 0x360, REG_LVT_ERROR = 0x370,
	REG_TIMER_COUNT = 0x380, REG_TIMER_NOW = 0x390, REG_TIMER_DIVIDE = 0x3e0,
};

#define SVR_ENABLE     0x100u
#define LVT_MASKED     0x10000u
#define LVT_DEADLINE   0x40000u
#define DIVIDE_BY_16   0x3u
#define CALIBRATE_US   500u
#define LONGEST_US     1000000u
/* Twelve days: what is longer does not fit into a number of ticks, and is looked at then. */
#define DEADLINE_US    (1ull << 40)
#define ICR_NMI        0x400u
#define ICR_INIT       0x500u
#define ICR_STARTUP    0x600u
#define ICR_ASSERT     0x4000u
#define ICR_PENDING    0x1000u
#define ICR_BOUND_US   1000u

static bool mapped;

static volatile uint32_t *xapic(uint32_t reg)
{
	return (volatile uint32_t *)(KERNEL_AREA_LAPIC + reg);
}

static uint32_t reg_read(uint32_t reg)
{
	if (cpu_features.x2apic_mode)
		return (uint32_t)msr_read(0x800 + reg / 16);
	return *xapic(reg);
}

static void reg_write(uint32_t reg, uint32_t value)
{
	if (cpu_features.x2apic_mode)
		msr_write(0x800 + reg / 16, value);
	else
		*xapic(reg) = value;
}

void lapic_map(void)
{
	isle_hpa_t base = msr_read(MSR_APIC_BASE) & 0x000ffffffffff000ull;

	if (!cpu_features.x2apic_mode &&
	    mmu_map_page(KERNEL_AREA_LAPIC, base, MAP_WRITE | MAP_UNCACHED))
		panic("lapic: no memory for its page table");
	mapped = true;
}

bool lapic_ready(void)
{
	return mapped;
}

/*
 * How many entries the local vector table has depends on the model; writing one that is not there
 * faults.
 */
static void sources_mask(void)
{
	uint32_t last = reg_read(REG_VERSION) >> 16 & 0xff;

	reg_write(REG_LVT_TIMER, LVT_MASKED);
	reg_write(REG_LVT_LINT0, LVT_MASKED);
	reg_write(REG_LVT_LINT1, LVT_MASKED);
	if (last >= 3)
		reg_write(REG_LVT_ERROR, LVT_MASKED);
	if (last >= 4)
		reg_write(REG_LVT_PERF, LVT_MASKED);
	if (last >= 5)
		reg_write(REG_LVT_THERMAL, LVT_MASKED);
	if (last >= 6)
		reg_write(REG_LVT_CMCI, LVT_MASKED);
	reg_write(REG_TIMER_COUNT, 0);
}

/*
 * Ends every interrupt in service: a handler may have been left for good. At most one a priority
 * level, 16 in all.
 */
static void service_clear(void)
{
	uint32_t i, tries;

	for (tries = 0; tries < 256; tries++) {
		uint32_t any = 0;

		for (i = 0; i < 8; i++)
			any |= reg_read(REG_ISR + 16 * i);
		if (!any)
			return;
		lapic_eoi();
	}
}

void lapic_setup(void)
{
	reg_write(REG_SVR, SVR_ENABLE | ISLE_VECTOR_SPURIOUS);
	sources_mask();
	reg_write(REG_TPR, 0);
	service_clear();
}

void lapic_quiesce(void)
{
	sources_mask();
	service_clear();
}

void lapic_eoi(void)
{
	reg_write(REG_EOI, 0);
}

static void icr_wait(void)
{
	uint64_t end = tsc_read() + time_ticks_us(ICR_BOUND_US);

	while ((*xapic(REG_ICR) & ICR_PENDING) && tsc_read() < end)
		cpu_relax();
}

static void icr_write(uint32_t apic_id, uint32_t command)
{
	if (cpu_features.x2apic_mode) {
		/*
		 * An x2APIC write does not order earlier stores by itself: Intel SDM vol. 3,
		 * 11.12.3.
		 */
		__asm__ volatile("mfence; lfence" ::: "memory");
		msr_write(0x800 + REG_ICR / 16, (uint64_t)apic_id << 32 | command);
		return;
	}
	icr_wait();
	*xapic(REG_ICR_HIGH) = apic_id << 24;
	*xapic(REG_ICR) = command;
}

void lapic_send(uint32_t apic_id, uint32_t vector)
{
	icr_write(apic_id, ICR_ASSERT | vector);
}

void lapic_send_nmi(uint32_t apic_id)
{
	icr_write(apic_id, ICR_ASSERT | ICR_NMI);
}

static void delay_us(uint64_t us)
{
	uint64_t end = tsc_read() + time_ticks_us(us);

	while (tsc_read() < end)
		cpu_relax();
}

void lapic_start_core(uint32_t apic_id, uint32_t page)
{
	icr_write(apic_id, ICR_ASSERT | ICR_INIT);
	delay_us(10000);
	icr_write(apic_id, ICR_ASSERT | ICR_STARTUP | page);
	delay_us(200);
	icr_write(apic_id, ICR_ASSERT | ICR_STARTUP | page);
}

/*
 * Counts of the one-shot timer in a second, found once: only programs need it, so the boot does not
 * wait for it. Cores of one machine share the bus clock that it counts.
 */
static uint64_t timer_rate(void)
{
	static uint64_t rate;
	uint64_t start;

	if (__atomic_load_n(&rate, __ATOMIC_RELAXED))
		return rate;
	reg_write(REG_LVT_TIMER, LVT_MASKED);
	reg_write(REG_TIMER_DIVIDE, DIVIDE_BY_16);
	reg_write(REG_TIMER_COUNT, ~0u);
	start = tsc_read();
	delay_us(CALIBRATE_US);
	start = time_ticks_ns(tsc_read() - start);
	rate = (uint64_t)(~0u - reg_read(REG_TIMER_NOW)) * 1000000000ull / start;
	reg_write(REG_TIMER_COUNT, 0);
	return rate ? rate : 1;
}

void timer_start_us(uint64_t us)
{
	uint64_t count;

	if (cpu_features.tsc_deadline) {
		reg_write(REG_LVT_TIMER, LVT_DEADLINE | ISLE_VECTOR_TIMER);
		/* The mode must be set before the deadline: Intel SDM vol. 3, 11.5.4.1. */
		__asm__ volatile("mfence" ::: "memory");
		msr_write(MSR_TSC_DEADLINE, tsc_read() + time_ticks_us(us < DEADLINE_US ? us : DEADLINE_US));
		return;
	}
	/* A longer time than the counter has ends early: who waits looks at the clock. */
	us = us > LONGEST_US ? LONGEST_US : us;
	count = us * timer_rate() / 1000000;
	count = count > ~0u ? ~0u : count;
	reg_write(REG_TIMER_DIVIDE, DIVIDE_BY_16);
	reg_write(REG_LVT_TIMER, ISLE_VECTOR_TIMER);
	reg_write(REG_TIMER_COUNT, count ? (uint32_t)count : 1);
}

void timer_stop(void)
{
	if (cpu_features.tsc_deadline)
		msr_write(MSR_TSC_DEADLINE, 0);
	else
		reg_write(REG_TIMER_COUNT, 0);
	reg_write(REG_LVT_TIMER, LVT_MASKED);
}
