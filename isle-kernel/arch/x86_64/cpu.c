// SPDX-License-Identifier: MIT
/*
 * cpu.c - brings a core into the kernel's state, and reads what it can do.
 *
 * A previous isle, or Linux, has had the core: every control register is written, none is believed.
 * Features come from CPUID alone; the least that is needed is SSE2.
 */
#include "arch_priv.h"

#include <arch/cpu.h>
#include <arch/enter.h>
#include <arch/lapic.h>
#include <arch/regs.h>
#include <kern/cpu.h>
#include <kern/string.h>

struct cpu_features cpu_features;

/* Bits of CPUID: Intel SDM vol. 2, CPUID. */
enum {
	CPUID1_EDX_PGE = 1u << 13,
	CPUID1_ECX_MWAIT = 1u << 3,
	CPUID1_ECX_DEADLINE = 1u << 24,
	CPUID1_ECX_XSAVE = 1u << 26,
	CPUID7_EBX_FSGSBASE = 1u << 0,
	CPUID7_EBX_SMEP = 1u << 7,
	CPUID7_EBX_SMAP = 1u << 20,
	CPUID81_EDX_GIB = 1u << 26,
	CPUID81_EDX_RDTSCP = 1u << 27,
};

static void name_read(char name[49])
{
	uint32_t i;

	for (i = 0; i < 3; i++) {
		struct cpuid id = cpuid_read(0x80000002u + i, 0);

		memcpy(name + 16 * i, &id, 16);
	}
	name[48] = 0;
}

/* What the loader says cannot be used, whatever CPUID shows. */
static void features_forbid(struct cpu_features *f, uint32_t flags)
{
	f->xsave = f->xsave && !(flags & ISLE_BOOT_F_NO_XSAVE);
	f->fsgsbase = f->fsgsbase && !(flags & ISLE_BOOT_F_NO_FSGSBASE);
	f->smep = f->smep && !(flags & ISLE_BOOT_F_NO_SMEP);
	f->smap = f->smap && !(flags & ISLE_BOOT_F_NO_SMAP);
	f->tsc_deadline = f->tsc_deadline && !(flags & ISLE_BOOT_F_NO_DEADLINE);
}

void cpu_features_read(uint32_t boot_flags)
{
	struct cpu_features *f = &cpu_features;
	uint32_t max = cpuid_read(0, 0).eax;
	uint32_t max_extended = cpuid_read(0x80000000u, 0).eax;
	struct cpuid one = cpuid_read(1, 0);

	f->global_pages = one.edx & CPUID1_EDX_PGE;
	f->mwait = one.ecx & CPUID1_ECX_MWAIT;
	f->tsc_deadline = one.ecx & CPUID1_ECX_DEADLINE;
	f->hwcap = one.edx;
	f->xsave = one.ecx & CPUID1_ECX_XSAVE;
	if (max >= 7) {
		struct cpuid seven = cpuid_read(7, 0);

		f->fsgsbase = seven.ebx & CPUID7_EBX_FSGSBASE;
		f->smep = seven.ebx & CPUID7_EBX_SMEP;
		f->smap = seven.ebx & CPUID7_EBX_SMAP;
	}
	if (max_extended >= 0x80000001u) {
		f->gib_pages = cpuid_read(0x80000001u, 0).edx & CPUID81_EDX_GIB;
		f->rdtscp = cpuid_read(0x80000001u, 0).edx & CPUID81_EDX_RDTSCP;
	}
	if (max_extended >= 0x80000004u)
		name_read(f->name);
	features_forbid(f, boot_flags);
	f->x2apic_mode = msr_read(MSR_APIC_BASE) & (1u << 10);
}

void cpu_setup(void)
{
	const struct cpu_features *f = &cpu_features;
	uint64_t cr4 = CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	/* Without PGE first: drops translations that the last owner marked global. */
	cr4 |= cr4_read() & CR4_LA57;
	cr4_write(cr4);
	cr4 |= f->global_pages ? CR4_PGE : 0;
	cr4 |= f->smep ? CR4_SMEP : 0;
	cr4 |= f->smap ? CR4_SMAP : 0;
	cr4 |= f->fsgsbase ? CR4_FSGSBASE : 0;
	cr4 |= f->xsave ? CR4_OSXSAVE : 0;
	cr4_write(cr4);
	cr0_write((cr0_read() & ~(CR0_EM | CR0_TS | CR0_NW | CR0_CD)) | CR0_MP | CR0_NE | CR0_WP);
	msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_SCE | EFER_NXE);
	msr_write(MSR_FS_BASE, 0);
	if (f->rdtscp)
		msr_write(MSR_TSC_AUX, cpu_number(this_cpu()));
	dr7_write(0x400);
}

void cpu_quiesce(void)
{
	irq_disable();
	if (lapic_ready())
		lapic_quiesce();
	dr7_write(0x400);
	/*
	 * Drops global translations: the next owner of this core has others at the same addresses.
	 */
	cr4_write(cr4_read() & ~(CR4_PGE | CR4_SMEP | CR4_SMAP));
}
