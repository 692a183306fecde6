// SPDX-License-Identifier: MIT
/*
 * sigframe.c - the frame of a signal handler, as Linux builds it: struct rt_sigframe with XSAVE
 * state above.
 *
 * Layout: Linux, arch/x86/include/uapi/asm/{sigcontext,ucontext}.h. The extended state is saved in
 * the thread's area first and copied as it stands (the standard format), with the words in which
 * programs find its size.
 */
#include <kern/signal.h>

#include <arch/context.h>
#include <arch/layout.h>
#include <arch/trap.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define RED_ZONE        128u
#define UC_FP_XSTATE    1u
#define UC_SIGCONTEXT   6u     /* UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS */
#define XSTATE_MAGIC1   0x46505853u
#define XSTATE_MAGIC2   0x46505845u
#define SW_BYTES        464u   /* where struct _fpx_sw_bytes lies in the FXSAVE image */
#define SS_ONSTACK      1u
#define SS_DISABLE      2u
#define SS_AUTODISARM   (1u << 31)
/* Flags that a program may have by its own doing: CF PF AF ZF SF TF DF OF RF AC ID (Linux, FIX_EFLAGS). */
#define FLAGS_RESTORED  0x00050dd5ull

struct sigcontext {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags;
	uint16_t cs, gs, fs, ss;
	uint64_t err, trapno, oldmask, cr2;
	uint64_t fpstate;
	uint64_t reserved[8];
};

struct sigframe {
	uint64_t restorer;
	struct {
		uint64_t flags, link;
		uint64_t stack_sp;
		uint32_t stack_flags, pad;
		uint64_t stack_size;
		struct sigcontext mc;
		uint64_t mask;
	} uc;
	struct signal_info info;
};

struct sw_bytes {
	uint32_t magic1, extended_size;
	uint64_t xfeatures;
	uint32_t xstate_size, pad[7];
};

static bool on_altstack(const struct thread *me, uint64_t sp)
{
	return me->altstack_size && sp > me->altstack && sp - me->altstack <= me->altstack_size;
}

static void context_fill(struct sigcontext *mc, const struct trap_frame *f, const struct thread *me)
{
	*mc = (struct sigcontext){
		.r8 = f->r8, .r9 = f->r9, .r10 = f->r10, .r11 = f->r11, .r12 = f->r12, .r13 = f->r13,
		.r14 = f->r14, .r15 = f->r15, .rdi = f->rdi, .rsi = f->rsi, .rbp = f->rbp,
		.rbx = f->rbx, .rdx = f->rdx, .rax = f->rax, .rcx = f->rcx, .rsp = f->rsp,
		.rip = f->rip, .flags = f->rflags, .cs = SEL_UCODE | 3, .ss = SEL_UDATA | 3,
		.err = me->fault_error, .trapno = me->fault_vector, .oldmask = me->sig_blocked,
		.cr2 = me->fault_addr,
	};
}

/* Copies the extended state to the program's stack. 0 or -EFAULT. */
static int state_push(struct thread *me, isle_uva_t at)
{
	uint32_t magic2 = XSTATE_MAGIC2;
	struct sw_bytes sw = {
		.magic1 = XSTATE_MAGIC1, .extended_size = context_fpu_size + sizeof(magic2),
		.xfeatures = context_xcr0, .xstate_size = context_fpu_size,
	};

	context_fpu_save(me);
	if (copy_to_user(at, me->fpu, context_fpu_size))
		return -EFAULT;
	if (!context_xcr0)
		return 0;
	return put_user(&sw, at + SW_BYTES) || put_user(&magic2, at + context_fpu_size) ? -EFAULT : 0;
}

static int state_pop(struct thread *me, isle_uva_t at)
{
	if (!at) {
		context_fpu_reset(me);
		return 0;
	}
	/* What is in it may be wrong in ways that the processor refuses: checked there. */
	if (copy_from_user(me->fpu, at, context_fpu_size))
		return -EFAULT;
	return context_fpu_restore(me) ? 0 : -EFAULT;
}

static uint64_t stack_choose(const struct trap_frame *frame, const struct thread *me,
			     const struct signal_action *action)
{
	if ((action->flags & SA_ONSTACK) && me->altstack_size && !on_altstack(me, frame->rsp))
		return me->altstack + me->altstack_size;
	return frame->rsp - RED_ZONE;
}

int signal_frame_push(struct trap_frame *frame, const struct signal_action *action, const struct signal_info *info,
		      uint64_t mask)
{
	struct thread *me = thread_current();
	uint64_t sp = stack_choose(frame, me, action), state;
	struct sigframe out = { .restorer = action->restorer };

	sp -= context_fpu_size + 4;
	state = sp & ~63ull;
	/* A function begins with RSP 8 off a multiple of 16. */
	sp = ((state - sizeof(out)) & ~15ull) - 8;
	out.uc.flags = UC_SIGCONTEXT | (context_xcr0 ? UC_FP_XSTATE : 0);
	out.uc.stack_sp = me->altstack;
	out.uc.stack_size = me->altstack_size;
	out.uc.stack_flags = !me->altstack_size ? SS_DISABLE : on_altstack(me, frame->rsp) ? SS_ONSTACK : 0;
	out.uc.stack_flags |= me->altstack_flags;
	context_fill(&out.uc.mc, frame, me);
	out.uc.mc.fpstate = state;
	out.uc.mask = mask;
	out.info = *info;
	if (!(action->flags & SA_RESTORER) || state_push(me, state) || put_user(&out, sp))
		return -EFAULT;
	if (me->altstack_flags & SS_AUTODISARM) {
		me->altstack = me->altstack_size = 0;
		me->altstack_flags = 0;
	}
	frame->rdi = (uint64_t)info->signo;
	frame->rsi = sp + offsetof(struct sigframe, info);
	frame->rdx = sp + offsetof(struct sigframe, uc);
	frame->rax = 0;
	frame->rsp = sp;
	frame->rip = action->handler;
	frame->rflags &= ~0x10500ull;   /* TF, DF, RF */
	context_fpu_reset(me);
	return 0;
}

uint64_t signal_frame_size(void)
{
	return sizeof(struct sigframe) + context_fpu_size + RED_ZONE + 128;
}

int signal_frame_pop(struct trap_frame *f, uint64_t *mask)
{
	struct thread *me = thread_current();
	struct sigcontext *mc;
	struct sigframe in;

	/* RET has taken the restorer's address. */
	if (copy_from_user(&in, f->rsp - 8, sizeof(in)))
		return -EFAULT;
	mc = &in.uc.mc;
	if (mc->rip >= ISLE_USER_TOP || state_pop(me, mc->fpstate))
		return -EFAULT;
	f->r8 = mc->r8, f->r9 = mc->r9, f->r10 = mc->r10, f->r11 = mc->r11;
	f->r12 = mc->r12, f->r13 = mc->r13, f->r14 = mc->r14, f->r15 = mc->r15;
	f->rdi = mc->rdi, f->rsi = mc->rsi, f->rbp = mc->rbp, f->rbx = mc->rbx;
	f->rdx = mc->rdx, f->rax = mc->rax, f->rcx = mc->rcx, f->rsp = mc->rsp;
	f->rip = mc->rip;
	f->rflags = (f->rflags & ~FLAGS_RESTORED) | (mc->flags & FLAGS_RESTORED);
	f->vector = 0;   /* not a call any more: nothing to be restarted */
	me->altstack = in.uc.stack_flags & SS_DISABLE ? 0 : in.uc.stack_sp;
	me->altstack_size = in.uc.stack_flags & SS_DISABLE ? 0 : in.uc.stack_size;
	me->altstack_flags = in.uc.stack_flags & SS_AUTODISARM;
	*mask = in.uc.mask;
	return 0;
}
