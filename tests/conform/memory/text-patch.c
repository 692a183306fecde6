/* SPDX-License-Identifier: MIT */
/*
 * text-patch - code and constants of the program are read-only; made writable they can be changed, and the
 * change is private. Catches private file pages without copy-on-write: UCX patches libc this way.
 */
#include "conform.h"

__attribute__((noinline, aligned(4096))) static int answer(void)
{
	__asm__ volatile("");
	return 1;
}

int main(void)
{
	unsigned char *code, *p;
	int (*f)(void) = answer, fd;

	memcpy(&code, &f, sizeof(code));
	check(caught(touch_write, code).code == SEGV_ACCERR, "code is read-only");
	equal(f(), 1, "before");
	p = (unsigned char *)((uintptr_t)code & ~(PAGE - 1));
	must(mprotect(p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC));
	memcpy(code, "\xb8\x05\0\0\0\xc3", 6);
	equal(f(), 5, "patched");
	must(mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	equal(f(), 5, "protected again");
	fd = must(open(self_path(), O_RDONLY));
	p = must(mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
	check(!memcmp(p, "\177ELF", 4), "the file can still be mapped");
	return done();
}
