/* SPDX-License-Identifier: MIT */
/*
 * code-pages - generated code runs from a page that is writable and executable, and from one made executable
 * afterwards; changed code runs changed. Catches NX left set and mprotect without a TLB flush.
 */
#include "conform.h"

static int run(const unsigned char *code)
{
	int (*f)(void);

	memcpy(&f, &code, sizeof(f));
	return f();
}

int main(void)
{
	static const unsigned char give[] = { 0xb8, 1, 0, 0, 0, 0xc3 };  /* mov $1,%eax; ret */
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
	unsigned char *p = must(mmap(NULL, PAGE, rw | PROT_EXEC, flags, -1, 0)), *q = anon(PAGE);

	memcpy(p, give, sizeof(give));
	equal(run(p), 1, "writable and executable");
	p[1] = 42;
	equal(run(p), 42, "changed in place");
	memcpy(q, give, sizeof(give));
	must(mprotect(q, PAGE, PROT_READ | PROT_EXEC));
	equal(run(q), 1, "made executable");
	check(caught(touch_write, q).code == SEGV_ACCERR, "and no longer writable");
	must(mprotect(q, PAGE, rw));
	q[1] = 7;
	must(mprotect(q, PAGE, PROT_READ | PROT_EXEC));
	equal(run(q), 7, "changed through mprotect");
	return done();
}
