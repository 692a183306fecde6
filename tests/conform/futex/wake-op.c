/* SPDX-License-Identifier: MIT */
/*
 * wake-op - wake_op changes the second word atomically, wakes on the first, and on the second if its old
 * value compares. Catches wrong operations: glibc's pthread_cond_signal used it.
 */
#include "futex.h"

static long wake_op(word *a, word *b, int op)
{
	return futex_move(a, FUTEX_WAKE_OP_PRIVATE, 10, 10, b, (uint32_t)op);
}

int main(void)
{
	static struct waiters w1, w2;
	static word a, b, n = 5;

	start_waiters(&w1, &a, 2);
	start_waiters(&w2, &b, 1);
	equal(wake_op(&a, &b, FUTEX_OP(FUTEX_OP_ADD, 7, FUTEX_OP_CMP_EQ, 1)), 2, "comparison false: first word only");
	equal(b, 7, "added");
	equal(wake_op(&a, &b, FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_GT, 6)), 1, "comparison true: second word");
	equal(b, 1, "set");
	join_waiters(&w1, 2);
	join_waiters(&w2, 1);
	wake_op(&a, &n, FUTEX_OP(FUTEX_OP_OR, 8, FUTEX_OP_CMP_EQ, 0));
	equal(n, 13, "or");
	wake_op(&a, &n, FUTEX_OP(FUTEX_OP_ANDN, 4, FUTEX_OP_CMP_EQ, 0));
	equal(n, 9, "andn");
	wake_op(&a, &n, FUTEX_OP(FUTEX_OP_XOR, 1, FUTEX_OP_CMP_EQ, 0));
	equal(n, 8, "xor");
	wake_op(&a, &n, FUTEX_OP((FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT), 4, FUTEX_OP_CMP_EQ, 0));
	equal(n, 24, "shifted argument");
	return done();
}
