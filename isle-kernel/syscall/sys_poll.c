// SPDX-License-Identifier: MIT
/*
 * sys_poll.c - waiting for descriptors with a signal mask: the mask is the isle's, the waiting Linux's.
 */
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define SET_SIZE      8u
#define FD_SET_BYTES  128u
#define TIME_BYTES    16u

/* Forwards without the mask (argument number mask_arg), which holds meanwhile. */
static int64_t forward_masked(uint32_t nr, const uint64_t arg[6], uint32_t mask_arg, isle_uva_t mask_at)
{
	struct thread *me = thread_current();
	uint64_t bare[6], mask;
	int64_t result;

	memcpy(bare, arg, sizeof(bare));
	bare[mask_arg] = 0;
	if (!mask_at)
		return syscall_forward(nr, bare);
	if (get_user(&mask, mask_at))
		return -EFAULT;
	me->sig_saved = me->sig_blocked;
	signal_mask_set(mask);
	result = syscall_forward(nr, bare);
	/* With a signal to be delivered the old mask comes back behind its handler. */
	me->sig_restore = me->work & THREAD_WORK_SIGNAL;
	if (!me->sig_restore)
		signal_mask_set(me->sig_saved);
	return result;
}

int64_t sys_ppoll(const uint64_t arg[6])
{
	if (arg[3] && arg[4] != SET_SIZE)
		return -EINVAL;
	if (arg[1] < (1u << 20))
		syscall_present(arg[0], arg[1] * 8);
	syscall_present(arg[2], TIME_BYTES);
	return forward_masked(271, arg, 3, arg[3]);
}

int64_t sys_pselect6(const uint64_t arg[6])
{
	uint64_t mask[2] = { 0, SET_SIZE };
	uint32_t i;

	if (arg[5] && get_user(&mask, arg[5]))
		return -EFAULT;
	if (mask[0] && mask[1] != SET_SIZE)
		return -EINVAL;
	for (i = 1; i <= 3; i++)
		syscall_present(arg[i], FD_SET_BYTES);
	syscall_present(arg[4], TIME_BYTES);
	return forward_masked(270, arg, 5, mask[0]);
}

static int64_t epoll_forward(uint32_t nr, const uint64_t arg[6])
{
	if (arg[4] && arg[5] != SET_SIZE)
		return -EINVAL;
	if (arg[2] < (1u << 20))
		syscall_present(arg[1], arg[2] * 12);
	return forward_masked(nr, arg, 4, arg[4]);
}

int64_t sys_epoll_pwait(const uint64_t arg[6])
{
	return epoll_forward(281, arg);
}

int64_t sys_epoll_pwait2(const uint64_t arg[6])
{
	syscall_present(arg[3], TIME_BYTES);
	return epoll_forward(441, arg);
}
