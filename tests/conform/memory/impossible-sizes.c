/* SPDX-License-Identifier: MIT */
/*
 * impossible-sizes - sizes and addresses that cannot be are refused with ENOMEM, EINVAL or a null pointer,
 * at once. Catches overflows in length arithmetic.
 */
#include "conform.h"

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
	volatile size_t huge = (size_t)PTRDIFF_MAX;
	char *p = anon(PAGE);
	void *q;

	fails(mmap(NULL, 0, rw, flags, -1, 0), EINVAL, "nothing");
	fails(mmap(NULL, 1ul << 47, rw, flags, -1, 0), ENOMEM, "the whole address space");
	fails(mmap(NULL, SIZE_MAX, rw, flags, -1, 0), ENOMEM, "a length that wraps when rounded");
	fails(mmap(NULL, SIZE_MAX - PAGE, rw, flags, -1, 0), ENOMEM, "nearly as long");
	q = (void *)(uintptr_t)(1ul << 47);
	fails(mmap(q, PAGE, rw, flags | MAP_FIXED, -1, 0), ENOMEM, "above the user half");
	fails(mmap(p + 1, PAGE, rw, flags | MAP_FIXED, -1, 0), EINVAL, "fixed and unaligned");
	q = mremap(p, PAGE, 1ul << 47, MREMAP_MAYMOVE);
	check(q == MAP_FAILED && (errno == ENOMEM || errno == EINVAL), "grow without bound");
	fails(munmap(p, SIZE_MAX), EINVAL, "unmap everything");
	errno = 0;
	q = malloc(huge);
	check(!q && errno == ENOMEM, "malloc");
	errno = 0;
	q = calloc(huge, 16);
	check(!q && errno == ENOMEM, "calloc");
	check(caught(touch_write, p).sig == 0, "nothing was lost");
	return done();
}
