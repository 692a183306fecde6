/* SPDX-License-Identifier: MIT */
/*
 * tls-image - the first thread's thread-local variables are initialised, zeroed and aligned up to a page,
 * with FS as their base. Catches PT_TLS loaded without its alignment.
 */
#include "conform.h"
#include <asm/prctl.h>

static __thread int value = 0x1234;
static __thread _Alignas(4096) char page[4096] = { 1 };
static __thread char zeroes[10000];

int main(void)
{
	unsigned long fs = 0, self = 0;
	size_t i, sum = 0;

	equal(value, 0x1234, "initialised");
	check((uintptr_t)page % 4096 == 0 && page[0] == 1, "aligned to a page");
	for (i = 0; i < sizeof(zeroes); i++)
		sum += (size_t)zeroes[i];
	equal(sum, 0, "zeroed");
	must(syscall(SYS_arch_prctl, ARCH_GET_FS, &fs));
	__asm__("mov %%fs:0, %0" : "=r"(self));
	check(fs == self && fs, "FS");
	check((uintptr_t)&value < fs && (uintptr_t)&value > fs - 65536, "variables below it");
	fails(syscall(SYS_arch_prctl, 0x9999, 0), EINVAL, "unknown code");
	return done();
}
