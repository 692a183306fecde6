/* SPDX-License-Identifier: MIT */
/*
 * pointers.h - tables of system calls, each made with one pointer that points nowhere; all must say EFAULT.
 *
 * A row is tried with an unmapped address, with one whose page is PROT_NONE, and with one of the kernel's half.
 */
#ifndef POINTERS_H
#define POINTERS_H

#include "conform.h"

#define BAD 0x7fffdeadl  /* stands for the bad pointer in a row */

struct bad_call {
	const char *name;
	long number;
	long arg[6];
};

#define CALL(name, ...) { #name, SYS_##name, { __VA_ARGS__ } }

UNUSED static void try_calls(const struct bad_call *calls, size_t n)
{
	char *gone = anon(4 * PAGE);
	const long bad[] = { (long)gone, (long)(gone + 2 * PAGE), (long)0xffff900000000000ul };
	size_t i, j, k;

	must(munmap(gone, PAGE));
	must(mprotect(gone + PAGE, 3 * PAGE, PROT_NONE));
	for (i = 0; i < n; i++) {
		const struct bad_call *c = &calls[i];
		int wrong = 0;

		for (j = 0; j < COUNT(bad); j++) {
			long a[6], ret;

			for (k = 0; k < 6; k++)
				a[k] = c->arg[k] == BAD ? bad[j] : c->arg[k];
			ret = syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]);
			if (ret != -1 || errno != EFAULT)
				wrong = ret == -1 ? errno : -1;
		}
		conform_say(!wrong, wrong == -1 ? "succeeded" : conform_errno(wrong), "%s, row %d", c->name, (int)i);
	}
}

#endif
