/* SPDX-License-Identifier: MIT */
/*
 * process-vm - process_vm_readv and writev copy within the program's own memory and from a child's, as UCX tests
 * and uses them; other processes' memory needs the right. Catches ENOSYS that turns MPI's large messages to TCP.
 */
#include "conform.h"
#include <sys/uio.h>

int main(void)
{
	char from[] = "some data", to[16] = "", *gone = anon(PAGE);
	struct iovec local = { to, 9 }, remote = { from, 9 };
	long n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);

	if (n < 0 && (errno == ENOSYS || errno == EPERM))
		skip("process_vm_readv is not allowed here");
	equal(n, 9, "read");
	check(!strcmp(to, "some data"), "its data");
	memcpy(to, "other", 5);
	equal(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), 9, "write");
	check(!strcmp(from, "otherdata"), "its data");
	must(munmap(gone, PAGE));
	remote.iov_base = gone;
	fails(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), EFAULT, "no memory there");
	fails(process_vm_readv(0x3fffffff, &local, 1, &remote, 1, 0), ESRCH, "no such process");
	fails(process_vm_readv(getpid(), &local, 1, &remote, 1, 5), EINVAL, "unknown flag");
	return done();
}
