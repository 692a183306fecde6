/* SPDX-License-Identifier: MIT */
/*
 * read-only - a shared mapping of a file that was opened for reading shows what others write, and cannot be made
 * writable. Catches mappings that are refused, or copied, because they can never be written.
 */
#include "conform.h"

int main(void)
{
	char name[] = "/dev/shm/conform-XXXXXX";
	int writer = must(mkstemp(name)), reader = must(open(name, O_RDONLY));
	const char *seen;
	char *page;

	must(unlink(name));
	must(ftruncate(writer, 3 * PAGE));
	must(pwrite(writer, "first", 5, PAGE));
	page = must((char *)mmap(NULL, 3 * PAGE, PROT_READ, MAP_SHARED, reader, 0));
	seen = page + PAGE;
	check(!memcmp(seen, "first", 5), "what was there");
	must(pwrite(writer, "later", 5, PAGE));
	check(!memcmp(seen, "later", 5), "what came later");
	fails(mprotect(page, PAGE, PROT_READ | PROT_WRITE), EACCES, "made writable");
	check(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EACCES,
	      "mapped writable");
	equal(caught(touch_write, page).code, SEGV_ACCERR, "written");
	must(munmap(page, 3 * PAGE));
	return done();
}
