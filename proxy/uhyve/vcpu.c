// SPDX-License-Identifier: MIT
/*
 * vcpu.c - a CPU of the machine: made straight in 64-bit mode, run by a thread of its own on a CPU of the plan.
 *
 * What it can do is what KVM offers, with its own place in the machine filled in.
 */
#include "uhyve.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define CPUID_MAX  256u

/* Control registers: Intel SDM vol. 3, 2.5; EFER: vol. 4, table 2-2. */
#define CR0_START   0x80010033ull  /* PG WP NE ET MP PE */
#define CR4_START   0x20ull        /* PAE */
#define EFER_START  0xd00ull       /* NXE LMA LME */
/* IA32_APIC_BASE: enabled, x2APIC; bit 8 marks the first CPU. */
#define APIC_BASE   0xfee00c00ull
#define APIC_FIRST  0x100ull

static int fail(struct why *why, const char *what, uint32_t row)
{
	int err = errno;

	return why_say(why, -err, "KVM: %s of CPU %u: %s", what, row, strerror(err));
}

static struct kvm_cpuid2 *cpuid_room(void)
{
	struct kvm_cpuid2 *c = calloc(1, sizeof(*c) + CPUID_MAX * sizeof(c->entries[0]));

	if (c)
		c->nent = CPUID_MAX;
	return c;
}

/* Removes a leaf with all its parts. */
static void leaf_remove(struct kvm_cpuid2 *c, uint32_t function)
{
	uint32_t i, n = 0;

	for (i = 0; i < c->nent; i++)
		if (c->entries[i].function != function)
			c->entries[n++] = c->entries[i];
	c->nent = n;
}

static void leaf_add(struct kvm_cpuid2 *c, uint32_t function, uint32_t index, const uint32_t r[4])
{
	if (c->nent == CPUID_MAX)
		return;
	c->entries[c->nent++] = (struct kvm_cpuid_entry2){
		.function = function, .index = index, .flags = KVM_CPUID_FLAG_SIGNIFCANT_INDEX,
		.eax = r[0], .ebx = r[1], .ecx = r[2], .edx = r[3],
	};
}

static uint32_t bits_for(uint32_t n)
{
	uint32_t bits = 0;

	while (bits < 31 && (1u << bits) < n)
		bits++;
	return bits;
}

/* One package of cores with one thread each; the APIC id is the row (Intel SDM vol. 2, CPUID leaves 1 and 0xb). */
static void topology_fill(struct kvm_cpuid2 *c, uint32_t row, uint32_t nr)
{
	static const uint32_t leaves[] = { 0xb, 0x1f };
	uint32_t i, max = 0;

	for (i = 0; i < c->nent; i++) {
		struct kvm_cpuid_entry2 *e = &c->entries[i];

		if (e->function == 0)
			max = e->eax;
		if (e->function != 1)
			continue;
		e->ebx = (e->ebx & 0xffffu) | (nr < 256 ? nr : 255) << 16 | (row & 0xff) << 24;
		e->edx = nr > 1 ? e->edx | 1u << 28 : e->edx & ~(1u << 28);
	}
	for (i = 0; i < 2; i++) {
		leaf_remove(c, leaves[i]);
		if (max < leaves[i])
			continue;
		leaf_add(c, leaves[i], 0, (uint32_t[4]){ 0, 1, 0x100, row });
		leaf_add(c, leaves[i], 1, (uint32_t[4]){ bits_for(nr), nr, 0x201, row });
		leaf_add(c, leaves[i], 2, (uint32_t[4]){ 0, 0, 2, row });
	}
}

/*
 * A KVM without hardware help runs programs by the processor itself, which shows them all it has, and the kernel by
 * an emulator, which does not know it all. What KVM offers is what the kernel may use.
 */
static const struct {
	uint32_t function;
	char     reg; /* 'b' or 'c' */
	uint32_t bit, flag;
} optional[] = {
	{ 1, 'c', 26, ISLE_BOOT_F_NO_XSAVE },
	{ 1, 'c', 24, ISLE_BOOT_F_NO_DEADLINE },
	{ 7, 'b', 0, ISLE_BOOT_F_NO_FSGSBASE },
	{ 7, 'b', 7, ISLE_BOOT_F_NO_SMEP },
	{ 7, 'b', 20, ISLE_BOOT_F_NO_SMAP },
};

static uint32_t features_missing(const struct kvm_cpuid2 *c)
{
	uint32_t i, k, flags = 0;

	for (k = 0; k < sizeof(optional) / sizeof(optional[0]); k++) {
		bool has = false;

		for (i = 0; i < c->nent; i++)
			if (c->entries[i].function == optional[k].function && c->entries[i].index == 0)
				has = (optional[k].reg == 'b' ? c->entries[i].ebx : c->entries[i].ecx) >>
				      optional[k].bit & 1;
		flags |= has ? 0 : optional[k].flag;
	}
	return flags;
}

/* What was offered, and what the CPU shows now: a difference is the mark of such a KVM. */
static int features_learn(struct vcpu *v, uint32_t missing, struct kvm_cpuid2 *c, struct why *why)
{
	c->nent = CPUID_MAX;
	if (ioctl(v->fd, KVM_GET_CPUID2, c))
		return fail(why, "the features", v->row);
	v->vm->boot_flags = missing;
	if (missing & ~features_missing(c))
		v->vm->boot_flags |= ISLE_BOOT_F_SOFT_SYSCALL;
	return 0;
}

static int cpuid_set(struct vcpu *v, struct why *why)
{
	struct vm *m = v->vm;
	struct kvm_cpuid2 *c = cpuid_room();
	uint32_t missing;
	int err = 0;

	if (!c)
		return why_say(why, -ENOMEM, "out of memory");
	if (ioctl(m->kvm, KVM_GET_SUPPORTED_CPUID, c)) {
		err = fail(why, "the features", v->row);
	} else {
		missing = features_missing(c);
		topology_fill(c, v->row, m->isle.nr_cpus);
		if (ioctl(v->fd, KVM_SET_CPUID2, c))
			err = fail(why, "the features", v->row);
		else if (v->row == 0)
			err = features_learn(v, missing, c, why);
	}
	free(c);
	return err;
}

/* The machine's time stamps are ours, so that both sides mean the same by one. */
static int tsc_set(struct vcpu *v, struct why *why)
{
	uint64_t offset = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL, .attr = KVM_VCPU_TSC_OFFSET, .addr = (uintptr_t)&offset,
	};
	int khz = ioctl(v->fd, KVM_GET_TSC_KHZ, 0);

	if (khz <= 0)
		return fail(why, "the speed of the clock", v->row);
	v->vm->tsc_khz = (uint64_t)khz;
	if (ioctl(v->fd, KVM_SET_DEVICE_ATTR, &attr))
		return fail(why, "the clock", v->row);
	return 0;
}

int vcpu_create(struct vm *m, uint32_t row, struct why *why)
{
	struct vcpu *v = &m->vcpu[row];
	int err;

	v->fd = ioctl(m->fd, KVM_CREATE_VCPU, row);
	if (v->fd < 0)
		return fail(why, "the making", row);
	v->run = mmap(NULL, m->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);
	if (v->run == MAP_FAILED) {
		v->run = NULL;
		return fail(why, "the page", row);
	}
	err = cpuid_set(v, why);
	return err ? err : tsc_set(v, why);
}

/* Segments as 64-bit mode wants them: Intel SDM vol. 3, 3.4.5 and 5.2.1. */
static void segments_fill(struct kvm_sregs *s)
{
	const struct kvm_segment code = { .limit = 0xffffffff, .selector = 0x08, .type = 11, .present = 1, .s = 1,
					  .l = 1, .g = 1 };
	const struct kvm_segment data = { .limit = 0xffffffff, .selector = 0x10, .type = 3, .present = 1, .s = 1,
					  .db = 1, .g = 1 };
	const struct kvm_segment task = { .limit = 0xffff, .type = 11, .present = 1 };

	s->cs = code;
	s->ds = s->es = s->fs = s->gs = s->ss = data;
	s->tr = task;
	s->ldt = (struct kvm_segment){ .limit = 0xffff, .type = 2, .present = 1 };
}

int vcpu_reset(struct vcpu *v, struct why *why)
{
	const struct memfd_start *start = &v->vm->isle.start;
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_regs regs = { .rip = start->rip, .rdi = start->rdi, .rflags = 2 };
	struct kvm_sregs s;

	if (ioctl(v->fd, KVM_GET_SREGS, &s))
		return fail(why, "the registers", v->row);
	segments_fill(&s);
	s.cr0 = CR0_START;
	s.cr3 = start->cr3;
	s.cr4 = CR4_START;
	s.efer = EFER_START;
	s.apic_base = APIC_BASE | (v->row ? 0 : APIC_FIRST);
	if (ioctl(v->fd, KVM_SET_SREGS, &s) || ioctl(v->fd, KVM_SET_REGS, &regs) ||
	    ioctl(v->fd, KVM_SET_MP_STATE, &runnable))
		return fail(why, "the registers", v->row);
	return 0;
}

/* On the plan's CPU of this row; with more rows than CPUs, on any of the plan's. */
static void thread_place(const struct vcpu *v)
{
	const struct memfd_isle *isle = &v->vm->isle;
	cpu_set_t set;
	uint32_t i;

	CPU_ZERO(&set);
	for (i = 0; i < isle->nr_cpus; i++)
		if ((i == v->row || isle->shared_cpus) && isle->linux_cpu[i] < CPU_SETSIZE)
			CPU_SET(isle->linux_cpu[i], &set);
	/* A CPU that went offline meanwhile: anywhere is better than nowhere. */
	sched_setaffinity(0, sizeof(set), &set);
}

/* False: the machine ends before this row was let in. */
static bool entry_await(struct vcpu *v)
{
	struct vm *m = v->vm;
	bool enter;

	pthread_mutex_lock(&m->lock);
	while (v->row && !m->others)
		pthread_cond_wait(&m->released, &m->lock);
	enter = !__atomic_load_n(&m->stopping, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&m->lock);
	return enter;
}

/* The last CPU to leave says how the isle ended. */
static void vcpu_left(struct vcpu *v)
{
	struct vm *m = v->vm;
	uint64_t one = 1;
	bool last;

	pthread_mutex_lock(&m->lock);
	m->ending = true;
	last = --m->running == 0;
	pthread_mutex_unlock(&m->lock);
	if (last)
		memfd_ended(&m->isle, m->end_life, m->end_why);
	if (write(m->bell, &one, sizeof(one)) < 0)
		return;
}

void *vcpu_main(void *opaque)
{
	struct vcpu *v = opaque;
	bool on = entry_await(v);

	worker_signals();
	thread_place(v);
	while (on && !__atomic_load_n(&v->vm->stopping, __ATOMIC_SEQ_CST)) {
		int error = ioctl(v->fd, KVM_RUN, 0) < 0 ? errno : 0;

		on = vcpu_exit(v, error);
	}
	vcpu_left(v);
	return NULL;
}

void vcpu_close(struct vcpu *v)
{
	if (v->run)
		munmap(v->run, v->vm->run_size);
	v->run = NULL;
	memfd_fd_close(&v->fd);
}
