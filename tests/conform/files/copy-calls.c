/* SPDX-License-Identifier: MIT */
/*
 * copy-calls - sendfile, copy_file_range, splice and tee move data between files and pipes. Catches offsets
 * by pointer not written back.
 */
#include "conform.h"
#include <sys/sendfile.h>

int main(void)
{
	char buffer[32] = "";
	int in, out, fds[2], fds2[2];
	off_t off = 2;
	loff_t from = 1, to = 20;
	ssize_t n;

	enter_tempdir();
	in = make_file("in", "0123456789", 10);
	out = make_file("out", "", 0);
	equal(sendfile(out, in, &off, 5), 5, "sendfile");
	equal(off, 7, "its offset");
	equal(lseek(in, 0, SEEK_CUR), 0, "not the file's");
	pread(out, buffer, 5, 0);
	check(!memcmp(buffer, "23456", 5), "its data");
	n = copy_file_range(in, &from, out, &to, 4, 0);
	check(n == 4 || (n == -1 && (errno == EXDEV || errno == EOPNOTSUPP)), "copy_file_range");
	check(n == -1 || (from == 5 && to == 24), "its offsets");
	must(pipe(fds));
	must(pipe(fds2));
	from = 3;
	equal(splice(in, &from, fds[1], NULL, 4, 0), 4, "splice from a file");
	equal(from, 7, "its offset");
	equal(tee(fds[0], fds2[1], 3, 0), 3, "tee");
	equal(read(fds[0], buffer, 32), 4, "the data is still there");
	check(!memcmp(buffer, "3456", 4), "its data");
	must(lseek(out, 0, SEEK_SET));
	equal(splice(fds2[0], NULL, out, NULL, 3, 0), 3, "splice into a file");
	pread(out, buffer, 3, 0);
	check(!memcmp(buffer, "345", 3), "its data");
	fails(splice(in, NULL, out, NULL, 1, 0), EINVAL, "splice without a pipe");
	return done();
}
