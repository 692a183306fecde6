/* SPDX-License-Identifier: MIT */
/*
 * vmsplice - vmsplice puts program memory into a pipe. Catches pages that are not shared with the other side.
 */
#include "conform.h"
#include <sys/uio.h>

int main(void)
{
	char *p = anon(2 * PAGE), buffer[16] = "";
	struct iovec iov = { p + 100, 16 };
	int fds[2];

	must(pipe(fds));
	memcpy(p + 100, "from the program", 16);
	equal(vmsplice(fds[1], &iov, 1, 0), 16, "vmsplice");
	equal(read(fds[0], buffer, 16), 16, "read");
	check(!memcmp(buffer, "from the program", 16), "its data");
	iov.iov_base = (void *)(uintptr_t)16;
	fails(vmsplice(fds[1], &iov, 1, 0), EFAULT, "no memory");
	return done();
}
