/* SPDX-License-Identifier: MIT */
/*
 * errors - misaligned words are EINVAL, unmapped ones EFAULT, times that are none EINVAL, unknown operations
 * ENOSYS. Catches unchecked arguments.
 */
#include "futex.h"

int main(void)
{
	static word a;
	word *odd = (word *)((uintptr_t)&a + 1), *gone = anon(PAGE);
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };

	must(munmap(gone, PAGE));
	fails(futex(odd, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), EINVAL, "misaligned wait");
	fails(futex(odd, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), EINVAL, "misaligned wake");
	fails(futex(gone, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), EFAULT, "unmapped wait");
	fails(futex(gone, FUTEX_WAIT, 0, NULL, NULL, 0), EFAULT, "unmapped shared wait");
	fails(futex(gone, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT, "unmapped shared wake");
	fails(futex(&a, FUTEX_WAIT_PRIVATE, 0, &bad, NULL, 0), EINVAL, "too many nanoseconds");
	fails(futex(&a, FUTEX_WAIT_PRIVATE, 0, &negative, NULL, 0), EINVAL, "negative time");
	fails(futex(&a, FUTEX_WAIT_PRIVATE, 0, (struct timespec *)(uintptr_t)gone, NULL, 0), EFAULT, "unmapped time");
	fails(futex(&a, 77, 0, NULL, NULL, 0), ENOSYS, "unknown operation");
	fails(futex(&a, FUTEX_WAKE_PRIVATE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), ENOSYS, "a clock for a wake");
	fails(futex_move(&a, FUTEX_REQUEUE_PRIVATE, 1, -1ul, &a, 0), EINVAL, "a negative number to move");
	return done();
}
