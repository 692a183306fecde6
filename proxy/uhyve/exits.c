// SPDX-License-Identifier: MIT
/*
 * exits.c - what a CPU came back for. There are no devices: ports and addresses that nobody has read as ones and
 * take what is written, as on a bus; what cannot go on is described and ends the isle.
 */
#include "uhyve.h"

#include <isle/uhyve.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static void regs_say(struct vcpu *v, const struct kvm_regs *r, const struct kvm_sregs *s)
{
	struct memfd_isle *isle = &v->vm->isle;

	memfd_say_error(isle, "  rip %016llx cs %x flags %08llx rsp %016llx", r->rip, s->cs.selector, r->rflags,
			r->rsp);
	memfd_say_error(isle, "  rax %016llx rbx %016llx rcx %016llx rdx %016llx", r->rax, r->rbx, r->rcx, r->rdx);
	memfd_say_error(isle, "  rsi %016llx rdi %016llx rbp %016llx r8  %016llx", r->rsi, r->rdi, r->rbp, r->r8);
	memfd_say_error(isle, "  r9  %016llx r10 %016llx r11 %016llx r12 %016llx", r->r9, r->r10, r->r11, r->r12);
	memfd_say_error(isle, "  r13 %016llx r14 %016llx r15 %016llx", r->r13, r->r14, r->r15);
	memfd_say_error(isle, "  cr0 %llx cr2 %016llx cr3 %llx cr4 %llx efer %llx", s->cr0, s->cr2, s->cr3, s->cr4,
			s->efer);
	memfd_say_error(isle, "  gdt %016llx idt %016llx tr %016llx fs %016llx gs %016llx", s->gdt.base, s->idt.base,
			s->tr.base, s->fs.base, s->gs.base);
}

/* Says in the log what the CPU looks like, and ends the isle. */
static bool cpu_fatal(struct vcpu *v, const char *what)
{
	struct kvm_sregs s;
	struct kvm_regs r;
	char why[ISLE_TEXT_SIZE];
	bool known = ioctl(v->fd, KVM_GET_REGS, &r) == 0 && ioctl(v->fd, KVM_GET_SREGS, &s) == 0;

	v->exits[EXIT_FATAL]++;
	if (known)
		snprintf(why, sizeof(why), "CPU %u cannot go on: %s, at %#llx", v->row, what, r.rip);
	else
		snprintf(why, sizeof(why), "CPU %u cannot go on: %s", v->row, what);
	memfd_say_error(&v->vm->isle, "%s", why);
	if (known)
		regs_say(v, &r, &s);
	vm_end(v->vm, ISLE_LIFE_PANICKED, why);
	return false;
}

static bool exit_port(struct vcpu *v)
{
	struct kvm_run *run = v->run;
	uint64_t at = run->io.data_offset, size = (uint64_t)run->io.size * run->io.count;

	if (run->io.direction == KVM_EXIT_IO_OUT && run->io.port == ISLE_UHYVE_PORT_PARK) {
		v->exits[EXIT_PARK]++;
		return false;
	}
	v->exits[EXIT_PORT]++;
	/* KVM wrote offset and size, into a page that only we can write; still, nothing is written outside of it. */
	if (run->io.direction == KVM_EXIT_IO_IN && at <= v->vm->run_size && size <= v->vm->run_size - at)
		memset((uint8_t *)run + at, 0xff, size);
	return true;
}

/* EFAULT: memory of the machine has nothing behind it. */
static const char *error_clause(int error)
{
	switch (error) {
	case EFAULT:
		return "it touched memory that Linux does not have any more (a shared file that became shorter, or "
		       "no memory left)";
	case ENOMEM:
		return "Linux has no memory left";
	default:
		return strerror(error);
	}
}

bool vcpu_exit(struct vcpu *v, int error)
{
	struct kvm_run *run = v->run;
	char what[96];

	if (error == EINTR || error == EAGAIN) {
		v->exits[EXIT_SIGNAL]++;
		return true;
	}
	if (error)
		return cpu_fatal(v, error_clause(error));
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		return exit_port(v);
	case KVM_EXIT_MMIO:
		v->exits[EXIT_MMIO]++;
		if (!run->mmio.is_write)
			memset(run->mmio.data, 0xff, sizeof(run->mmio.data));
		return true;
	case KVM_EXIT_INTR:
		v->exits[EXIT_SIGNAL]++;
		return true;
	case KVM_EXIT_SHUTDOWN:
		return cpu_fatal(v, "triple fault");
	case KVM_EXIT_INTERNAL_ERROR:
		snprintf(what, sizeof(what), "KVM cannot emulate what it does (suberror %u)", run->internal.suberror);
		return cpu_fatal(v, what);
	case KVM_EXIT_FAIL_ENTRY:
		snprintf(what, sizeof(what), "the processor refuses its state (reason %#llx)",
			 (unsigned long long)run->fail_entry.hardware_entry_failure_reason);
		return cpu_fatal(v, what);
	case KVM_EXIT_SYSTEM_EVENT:
		return cpu_fatal(v, "it asked for the end of the machine");
	default:
		v->exits[EXIT_OTHER]++;
		snprintf(what, sizeof(what), "KVM came back for reason %u", run->exit_reason);
		return cpu_fatal(v, what);
	}
}
