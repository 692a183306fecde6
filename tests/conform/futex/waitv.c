/* SPDX-License-Identifier: MIT */
/*
 * waitv - futex_waitv waits for any of several words, or is not there at all. Catches a half-made one.
 */
#include "futex.h"

struct waiter { uint64_t val, uaddr; uint32_t flags, reserved; };

static word a, b;

static void *waker(void *arg)
{
	int i, n = 0;

	for (i = 0; i < 5000 && !n; i++) {
		sleep_ms(1);
		n = (int)futex(&b, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
	return arg;
}

int main(void)
{
	struct waiter v[2] = {
		{ 0, (uintptr_t)&a, 2 | FUTEX_PRIVATE_FLAG, 0 },
		{ 0, (uintptr_t)&b, 2 | FUTEX_PRIVATE_FLAG, 0 },
	};
	long ret = syscall(449, v, 0, 0, NULL, 0);
	pthread_t t;

	if (ret < 0 && errno == ENOSYS)
		skip("this kernel has no futex_waitv");
	fails(syscall(449, v, 0, 0, NULL, 0), EINVAL, "no words");
	t = thread(waker, NULL);
	equal(syscall(449, v, 2, 0, NULL, 0), 1, "the second was woken");
	join(t);
	a = 1;
	fails(syscall(449, v, 2, 0, NULL, 0), EAGAIN, "another value");
	return done();
}
