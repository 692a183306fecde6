/* SPDX-License-Identifier: MIT */
/*
 * iterate - dl_iterate_phdr lists the program, the C library and the loader with headers that are mapped;
 * unwinders rely on it.
 */
#include "conform.h"
#include <execinfo.h>
#include <link.h>

static int objects, libc, own;

static int look(struct dl_phdr_info *info, size_t size, void *data)
{
	int i, in = 0;

	(void)size;
	(void)data;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + p->p_vaddr, at = (uintptr_t)look;

		in |= p->p_type == PT_LOAD && at >= from && at < from + p->p_memsz;
	}
	objects++;
	own += in;
	libc += strstr(info->dlpi_name, "libc.so") != NULL;
	return 0;
}

int main(void)
{
	void *frames[16];

	dl_iterate_phdr(look, NULL);
	check(objects >= 3, "objects");
	equal(own, 1, "one has this function");
	equal(libc, 1, "one is the C library");
	check(backtrace(frames, 16) >= 2, "backtrace");
	return done();
}
