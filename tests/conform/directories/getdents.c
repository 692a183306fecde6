/* SPDX-License-Identifier: MIT */
/*
 * getdents - getdents64 lists every entry once with number, type and name, in parts when the buffer is
 * small. Catches records cut.
 */
#include "conform.h"

struct entry { uint64_t ino; int64_t off; unsigned short len; unsigned char type; char name[]; };

int main(void)
{
	int seen[300] = { 0 }, others = 0, i, once = 0, dir;
	char buffer[512], name[32];
	ssize_t n, at;

	enter_tempdir();
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "entry-%d", i);
		close(must(open(name, O_CREAT | O_WRONLY, 0600)));
	}
	dir = must(open(".", O_RDONLY | O_DIRECTORY));
	while ((n = must(syscall(SYS_getdents64, dir, buffer, sizeof(buffer)))) > 0)
		for (at = 0; at < n;) {
			struct entry *e = (struct entry *)(void *)(buffer + at);

			if (sscanf(e->name, "entry-%d", &i) == 1 && i >= 0 && i < 300 &&
			    (e->type == DT_REG || !e->type))
				seen[i]++;
			else
				others += !strcmp(e->name, ".") || !strcmp(e->name, "..");
			at += e->len;
		}
	for (i = 0; i < 300; i++)
		once += seen[i] == 1;
	equal(once, 300, "each once");
	equal(others, 2, "dot and dot dot");
	must(lseek(dir, 0, SEEK_SET));
	fails(syscall(SYS_getdents64, dir, buffer, 4), EINVAL, "too little room");
	fails(syscall(SYS_getdents64, must(open("entry-7", O_RDONLY)), buffer, sizeof(buffer)), ENOTDIR, "a file");
	return done();
}
