/* SPDX-License-Identifier: MIT */
/*
 * seals - memfd seals are kept, and mappings that break them refused. Catches MAP_SHARED mapped without
 * asking the file.
 */
#include "conform.h"

int main(void)
{
	int fd = must(memfd_create("conform", MFD_ALLOW_SEALING));

	must(ftruncate(fd, PAGE));
	equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE), 0, "add");
	equal(fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_WRITE, "get");
	fails(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM, "shared and writable");
	check(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED, "private");
	fails(pwrite(fd, "x", 1, 0), EPERM, "write");
	fails(ftruncate(fd, 0), EPERM, "shrink");
	return done();
}
