// SPDX-License-Identifier: GPL-2.0
/*
 * lapic.c - interrupts between processors, written to the local APIC directly.
 *
 * Linux exports no function that sends INIT or start-up, and none that sends a fixed interrupt to
 * a processor it does not own. Intel SDM vol. 3, "Advanced Programmable Interrupt Controller",
 * section "Interrupt Command Register (ICR)".
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <asm/apicdef.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>

#include "lapic.h"

#define X2APIC_MSR_ICR (APIC_BASE_MSR + (APIC_ICR >> 4))

static void __iomem *regs; /* NULL in x2APIC mode */
static u64 hpa;
static atomic64_t inits;

/* The delivery status clears within microseconds; the bound is for broken hardware. */
static void wait_idle(void)
{
	unsigned int i;

	for (i = 0; i < 1000000 && (readl(regs + APIC_ICR) & APIC_ICR_BUSY); i++)
		cpu_relax();
}

static void icr_write(u32 apic_id, u32 low)
{
	unsigned long flags;

	if (!regs) {
		/* A write to an x2APIC register does not wait for earlier stores: SDM vol. 3. */
		asm volatile("mfence; lfence" ::: "memory");
		wrmsrl(X2APIC_MSR_ICR, ((u64)apic_id << 32) | low);
		return;
	}
	/* Two writes make one command: Linux must not come in between. */
	local_irq_save(flags);
	wait_idle();
	writel(SET_XAPIC_DEST_FIELD(apic_id), regs + APIC_ICR2);
	writel(low, regs + APIC_ICR);
	wait_idle();
	local_irq_restore(flags);
}

void isle_lapic_send_fixed(u32 apic_id, u8 vector)
{
	icr_write(apic_id, APIC_INT_ASSERT | APIC_DM_FIXED | vector);
}

void isle_lapic_send_init(u32 apic_id)
{
	atomic64_inc(&inits);
	icr_write(apic_id, APIC_INT_LEVELTRIG | APIC_INT_ASSERT | APIC_DM_INIT);
}

void isle_lapic_end_init(u32 apic_id)
{
	icr_write(apic_id, APIC_INT_LEVELTRIG | APIC_DM_INIT);
}

void isle_lapic_send_startup(u32 apic_id, u8 page)
{
	icr_write(apic_id, APIC_INT_ASSERT | APIC_DM_STARTUP | page);
}

u64 isle_lapic_inits(void)
{
	return atomic64_read(&inits);
}

bool isle_lapic_is_x2apic(void)
{
	return !regs;
}

u64 isle_lapic_hpa(void)
{
	return hpa;
}

int isle_lapic_init(void)
{
	u64 base;

	if (!boot_cpu_has(X86_FEATURE_APIC)) {
		pr_err("this machine has no local APIC: nothing can be started\n");
		return -ENODEV;
	}
	rdmsrl(MSR_IA32_APICBASE, base);
	hpa = base & GENMASK_ULL(51, 12);
	if (base & X2APIC_ENABLE)
		return 0;
	regs = ioremap(hpa, PAGE_SIZE);
	return regs ? 0 : -ENOMEM;
}

void isle_lapic_exit(void)
{
	if (regs)
		iounmap(regs);
}
