/* SPDX-License-Identifier: MIT */
/*
 * auxv - the auxiliary vector has what libcs need, with true values. Catches entries copied from the proxy.
 */
#include "conform.h"
#include <elf.h>
#include <sys/auxv.h>

extern char _start;

int main(int argc, char **argv)
{
	const Elf64_Phdr *phdr = (const Elf64_Phdr *)getauxval(AT_PHDR);
	const char *exec_fn = (const char *)getauxval(AT_EXECFN), *platform = (const char *)getauxval(AT_PLATFORM);
	const unsigned char *bytes = (const unsigned char *)getauxval(AT_RANDOM);
	unsigned long i, loads = 0;

	(void)argc;
	equal(getauxval(AT_PAGESZ), 4096, "AT_PAGESZ");
	equal(getauxval(AT_CLKTCK), 100, "AT_CLKTCK");
	equal(getauxval(AT_PHENT), sizeof(Elf64_Phdr), "AT_PHENT");
	for (i = 0; i < getauxval(AT_PHNUM); i++)
		loads += phdr[i].p_type == PT_LOAD;
	check(loads >= 2, "AT_PHDR");
	check(getauxval(AT_ENTRY) == (unsigned long)(uintptr_t)&_start, "AT_ENTRY");
	check(exec_fn && !strcmp(exec_fn, argv[0]), "AT_EXECFN");
	check(platform && !strcmp(platform, "x86_64"), "AT_PLATFORM");
	check(bytes && (bytes[0] | bytes[5] | bytes[10] | bytes[15]), "AT_RANDOM");
	check(getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid(), "AT_UID");
	check(getauxval(AT_GID) == getgid() && getauxval(AT_EGID) == getegid(), "AT_GID");
	equal(getauxval(AT_SECURE), 0, "AT_SECURE");
	check(getauxval(AT_MINSIGSTKSZ) == 0 || getauxval(AT_MINSIGSTKSZ) >= 1024, "AT_MINSIGSTKSZ");
	check(getauxval(AT_HWCAP) != 0, "AT_HWCAP");
	return done();
}
