// SPDX-License-Identifier: MIT
/*
 * futex_op.c - FUTEX_WAKE_OP: changes one word, wakes waiters of two.
 */
#include <kern/futex.h>

#include <kern/errno.h>
#include <kern/uaccess.h>

/* FUTEX_WAKE_OP: the operation's four fields in one word (linux/futex.h). */
static int64_t op_apply(isle_uva_t addr, uint32_t op, uint32_t *old)
{
	uint32_t arg = (uint32_t)((int32_t)(op << 8) >> 20), what = op >> 28 & 7, value, found;

	if (op >> 31)
		arg = 1u << (arg & 31);
	if (get_user(&value, addr))
		return -EFAULT;
	for (;;) {
		uint32_t desired;

		switch (what) {
		case 0: desired = arg; break;
		case 1: desired = value + arg; break;
		case 2: desired = value | arg; break;
		case 3: desired = value & ~arg; break;
		case 4: desired = value ^ arg; break;
		default: return -ENOSYS;
		}
		if (user_cmpxchg32(addr, value, desired, &found))
			return -EFAULT;
		if (found == value)
			break;
		value = found;
	}
	*old = value;
	return 0;
}

static bool op_compare(uint32_t op, int32_t value)
{
	int32_t arg = (int32_t)(op << 20) >> 20;

	switch (op >> 24 & 15) {
	case 0: return value == arg;
	case 1: return value != arg;
	case 2: return value < arg;
	case 3: return value <= arg;
	case 4: return value > arg;
	case 5: return value >= arg;
	default: return false;
	}
}

int64_t futex_wake_op(isle_uva_t addr, isle_uva_t addr2, bool shared, uint32_t n, uint32_t n2, uint32_t op)
{
	int64_t woken, more;
	uint32_t old;

	more = op_apply(addr2, op, &old);
	if (more)
		return more;
	woken = futex_wake(addr, shared, n, ~0u);
	if (woken < 0 || !op_compare(op, (int32_t)old))
		return woken;
	more = futex_wake(addr2, shared, n2, ~0u);
	return more < 0 ? more : woken + more;
}
