/* SPDX-License-Identifier: MIT */
/*
 * buffers-untouched - system calls read into memory that was never touched: new anonymous pages, a hole in
 * a private file mapping, bss, a new thread's stack. Catches forwarded calls whose buffers are not there on
 * the other side.
 */
#include "conform.h"

static char bss[3 * PAGE];
static int fd;

static void *on_stack(void *arg)
{
	char buffer[200 * 1024];

	(void)arg;
	must(pread(fd, buffer, sizeof(buffer), 0));
	equal(buffer[0] + buffer[sizeof(buffer) - 1], 2 * 'r', "stack of a new thread");
	return NULL;
}

int main(void)
{
	size_t len = 1 * MIB;
	char *text = malloc(len), *p;
	struct stat *st;

	enter_tempdir();
	memset(text, 'r', len);
	fd = make_file("f", text, len);
	p = anon(len + PAGE);
	equal(pread(fd, p + 100, len, 0), (long)len, "new pages");
	equal(p[99] * 1000 + p[100] + p[len + 99], 2 * 'r', "first to last byte, not before");
	equal(p[len + 100], 0, "nor behind");
	p = must(mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	equal(pread(fd, p + 5, 2 * PAGE, 0), 2 * (long)PAGE, "private file pages");
	equal(p[5 + 2 * PAGE - 1], 'r', "which are read");
	equal(pread(fd, bss + 1, 2 * PAGE, 0), 2 * (long)PAGE, "bss");
	equal(bss[1] + bss[2 * PAGE], 2 * 'r', "which is read");
	p = anon(2 * PAGE);
	st = (struct stat *)(void *)(p + PAGE - 64);
	must(fstat(fd, st));
	equal(st->st_size, (long)len, "a struct across two pages");
	join(thread(on_stack, NULL));
	return done();
}
