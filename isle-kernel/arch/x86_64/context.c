// SPDX-License-Identifier: MIT
/*
 * context.c - extended state and segment bases of threads.
 *
 * Extended state is saved when a thread leaves its core and loaded when it enters: with one thread
 * a core that never happens after the start. XSAVE where the cores have it, with everything they
 * enable; else by way of ring 3, if only ring 3 has it (ring3.c); else FXSAVE. Intel SDM vol. 1, 13; vol. 3, 13.
 */
#include <arch/context.h>

#include "arch_priv.h"
#include "ring3.h"

#include <arch/cpu.h>
#include <arch/layout.h>
#include <arch/regs.h>
#include <arch/thread_layout.h>
#include <arch/trap.h>
#include <arch/user.h>
#include <kern/aspace.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/kmalloc.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/thread.h>

#define FXSAVE_SIZE   512u
#define XSAVE_ALIGN   64u
#define XSAVE_HEADER_END  576u
#define MXCSR_RESET   0x1f80u  /* SDM vol. 1, 11.6.4 */
#define FCW_RESET     0x037fu  /* FNINIT */

/* x87, SSE, AVX, opmask and both halves of AVX-512. */
#define XCR0_WANTED   0xe7ull

/* Flags that SYSCALL clears: TF, IF, DF, NT, AC (as Linux does, and for the same reasons). */
#define FMASK_CLEARED 0x47700ull

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "thread_layout.h");
_Static_assert(offsetof(struct cpu, kernel_sp) == CPU_KERNEL_SP, "thread_layout.h");
_Static_assert(offsetof(struct cpu, user_sp) == CPU_USER_SP, "thread_layout.h");

_Static_assert(offsetof(struct thread, work) == THREAD_WORK, "thread_layout.h");
_Static_assert(THREAD_WORK_ANY == (THREAD_WORK_SIGNAL | THREAD_WORK_EXIT | THREAD_WORK_MIGRATE |
				   THREAD_WORK_RESCHED | THREAD_WORK_START | THREAD_WORK_DEBUG |
				   THREAD_WORK_STOP), "thread_layout.h");

extern const char context_begin[];

uint64_t context_xcr0;          /* 0: FXSAVE */
uint32_t context_fpu_size = FXSAVE_SIZE;
static bool by_ring3;           /* XSAVE is ring 3's only */
static bool has_xsave;          /* XSAVE is the kernel's, as on all but old or emulated cores */

static void cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	__asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(sub));
}

static void xcr0_write(uint64_t value)
{
	__asm__ volatile("xsetbv" :: "c"(0), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

void context_setup(void)
{
	uint32_t r[4];

	user_smap = cpu_features.smap;
	if (!cpu_features.xsave) {
		context_xcr0 = ring3_setup(XCR0_WANTED, &context_fpu_size);
		by_ring3 = context_xcr0 != 0;
		return;
	}
	cpuid(0xd, 0, r);
	context_xcr0 = (r[0] | (uint64_t)r[3] << 32) & XCR0_WANTED;
	has_xsave = true;
	xcr0_write(context_xcr0);
	/* EBX of the leaf: size for what XCR0 enables now. */
	cpuid(0xd, 0, r);
	context_fpu_size = r[1];
}

void context_setup_cpu(void)
{
	if (has_xsave)
		xcr0_write(context_xcr0);
	/* STAR: SYSCALL's kernel code selector; SYSRET takes user data at +8 and user code at +16. */
	msr_write(MSR_STAR, (uint64_t)SEL_KCODE << 32 | (uint64_t)(SEL_UCODE32 | 3) << 48);
	msr_write(MSR_LSTAR, (uint64_t)(uintptr_t)syscall_entry);
	msr_write(MSR_FMASK, FMASK_CLEARED);
}

static void fpu_save(void *area)
{
	if (by_ring3)
		ring3_fpu_save(area);
	else if (has_xsave)
		__asm__ volatile("xsave64 (%0)" :: "r"(area), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" :: "r"(area) : "memory");
}

static void fpu_reset(uint8_t *area)
{
	/* What XSTATE_BV leaves out is not looked at, and an emulator clears word by word. */
	memset(area, 0, by_ring3 ? XSAVE_HEADER_END : context_fpu_size);
	*(uint16_t *)area = FCW_RESET;
	*(uint32_t *)(area + 24) = MXCSR_RESET;
	/* XSTATE_BV: x87 and SSE are as above, the rest in its initial state. */
	if (context_xcr0)
		*(uint64_t *)(area + FXSAVE_SIZE) = 3;
}

static void fpu_load(uint8_t *area)
{
	if (by_ring3) {
		if (ring3_fpu_load(area))
			return;
		/* The program could write there. */
		fpu_reset(area);
		ring3_fpu_load(area);
	} else if (has_xsave) {
		__asm__ volatile("xrstor64 (%0)" :: "r"(area), "a"(~0u), "d"(~0u) : "memory");
	} else {
		__asm__ volatile("fxrstor64 (%0)" :: "r"(area) : "memory");
	}
}

/* The same of an area that the program may have written: false if the processor refused it. */
bool context_fpu_load(const void *area, uint64_t mask);

/* kmalloc aligns to 16 only: the pointer is moved up, and the original kept in front. */
static void *fpu_alloc(void)
{
	uint8_t *raw, *area;

	if (by_ring3) {
		area = ring3_area_alloc();
		if (area)
			fpu_reset(area);
		return area;
	}
	raw = kmalloc(context_fpu_size + XSAVE_ALIGN + sizeof(void *));
	if (!raw)
		return NULL;
	area = (uint8_t *)(((uintptr_t)raw + sizeof(void *) + XSAVE_ALIGN - 1) & ~(uintptr_t)(XSAVE_ALIGN - 1));
	((void **)area)[-1] = raw;
	fpu_reset(area);
	return area;
}

int context_init(struct thread *thread, const struct trap_frame *frame, void (*first)(void))
{
	uint64_t top = (uint64_t)(uintptr_t)thread->stack + THREAD_STACK_SIZE, *sp;

	/* An area that has been used is what its last thread left until context_copy_fpu. */
	if (!thread->fpu)
		thread->fpu = fpu_alloc();
	if (!thread->fpu)
		return -ENOMEM;
	thread->kernel_sp = top;
	top -= sizeof(*frame);
	memcpy((void *)top, frame, sizeof(*frame));
	/* For context_switch, then for context_begin. */
	sp = (uint64_t *)top;
	*--sp = (uint64_t)(uintptr_t)first;
	*--sp = (uint64_t)(uintptr_t)context_begin;
	thread->saved_sp = (uint64_t)(uintptr_t)sp;
	return 0;
}

void context_fini(struct thread *thread)
{
	if (thread->fpu && by_ring3)
		ring3_area_free(thread->fpu);
	else if (thread->fpu)
		kfree(((void **)thread->fpu)[-1]);
	thread->fpu = NULL;
}

void context_copy_fpu(struct thread *to, const struct thread *from)
{
	if (from == thread_current())
		fpu_save(to->fpu);
	else
		memcpy(to->fpu, from->fpu, context_fpu_size);
}

void context_fpu_save(struct thread *thread)
{
	fpu_save(thread->fpu);
}

void context_fpu_reset(struct thread *thread)
{
	fpu_reset(thread->fpu);
	fpu_load(thread->fpu);
}

bool context_fpu_restore(struct thread *thread)
{
	if (by_ring3 ? ring3_fpu_load(thread->fpu) : context_fpu_load(thread->fpu, context_xcr0))
		return true;
	context_fpu_reset(thread);
	return false;
}

bool context_fpu_put(struct thread *thread, const void *state, uint32_t size)
{
	struct thread *me = thread_current();

	memcpy(me->fpu, thread->fpu, context_fpu_size);
	memcpy(me->fpu, state, size);
	if (!context_fpu_restore(me))
		return false;
	memcpy(thread->fpu, me->fpu, context_fpu_size);
	return true;
}

/* In the kernel the program's GS base lies in the other register. */
static inline void bases_save(struct thread *thread)
{
	if (__builtin_expect(cpu_features.fsgsbase, true)) {
		__asm__ volatile("rdfsbase %0" : "=r"(thread->fs_base));
		thread->gs_base = msr_read(MSR_KERNEL_GS);
	}
}

static inline void bases_load(struct cpu *cpu, struct thread *thread)
{
	if (__builtin_expect(cpu_features.fsgsbase, true))
		__asm__ volatile("wrfsbase %0" :: "r"(thread->fs_base));
	else
		msr_write(MSR_FS_BASE, thread->fs_base);
	msr_write(MSR_KERNEL_GS, thread->gs_base);
	if (cpu->aspace != thread->process->aspace)
		aspace_activate(thread->process->aspace);
}

/* Without XSAVE. Apart, so that what all others do keeps no registers on the stack. */
static __attribute__((noinline)) void leave_without(struct thread *thread)
{
	fpu_save(thread->fpu);
	bases_save(thread);
}

static __attribute__((noinline)) void enter_without(struct thread *thread)
{
	fpu_load(thread->fpu);
	bases_load(this_cpu(), thread);
}

void context_leave(struct thread *thread)
{
	if (__builtin_expect(!has_xsave, false)) {
		leave_without(thread);
		return;
	}
	__asm__ volatile("xsave64 (%0)" :: "r"(thread->fpu), "a"(~0u), "d"(~0u) : "memory");
	bases_save(thread);
}

void context_enter(struct thread *thread)
{
	struct cpu *cpu = this_cpu();

	cpu->kernel_sp = thread->kernel_sp;
	cpu->arch.tss.rsp[0] = thread->kernel_sp;
	if (__builtin_expect(!has_xsave, false)) {
		enter_without(thread);
		return;
	}
	__asm__ volatile("xrstor64 (%0)" :: "r"(thread->fpu), "a"(~0u), "d"(~0u) : "memory");
	bases_load(cpu, thread);
}

void context_fs_set(isle_uva_t base)
{
	thread_current()->fs_base = base;
	msr_write(MSR_FS_BASE, base);
}

void context_gs_set(isle_uva_t base)
{
	thread_current()->gs_base = base;
	msr_write(MSR_KERNEL_GS, base);
}

isle_uva_t context_fs_get(void)
{
	return msr_read(MSR_FS_BASE);
}

isle_uva_t context_gs_get(void)
{
	return msr_read(MSR_KERNEL_GS);
}
