/* SPDX-License-Identifier: MIT */
/*
 * vdso - AT_SYSINFO_EHDR, where there is one, is an ELF image whose clock_gettime works when it is called
 * directly. Catches a vDSO that only looks like one.
 */
#include "conform.h"
#include <elf.h>
#include <sys/auxv.h>

static void *lookup(const char *base, const char *want)
{
	const Elf64_Ehdr *e = (const void *)base;
	const Elf64_Phdr *p = (const void *)(base + e->e_phoff);
	const Elf64_Dyn *dyn = NULL, *d;
	const Elf64_Sym *sym = NULL;
	const char *str = NULL;
	const uint32_t *hash = NULL;
	long bias = 0;
	uint32_t i;

	for (i = 0; i < e->e_phnum; i++) {
		if (p[i].p_type == PT_LOAD)
			bias = (long)(base + p[i].p_offset - p[i].p_vaddr);
		if (p[i].p_type == PT_DYNAMIC)
			dyn = (const void *)(base + p[i].p_offset);
	}
	for (d = dyn; d && d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_SYMTAB)
			sym = (const void *)(bias + d->d_un.d_ptr);
		if (d->d_tag == DT_STRTAB)
			str = (const void *)(bias + d->d_un.d_ptr);
		if (d->d_tag == DT_HASH)
			hash = (const void *)(bias + d->d_un.d_ptr);
	}
	for (i = 0; sym && str && hash && i < hash[1]; i++)
		if (!strcmp(str + sym[i].st_name, want))
			return (void *)(bias + sym[i].st_value);
	return NULL;
}

int main(void)
{
	const char *base = (const char *)getauxval(AT_SYSINFO_EHDR);
	int (*gettime)(clockid_t, struct timespec *);
	struct timespec ts = { 0, 0 };
	void *p;

	if (!base)
		skip("there is no vDSO");
	check(!memcmp(base, "\177ELF\2\1\1", 7), "an ELF image");
	p = lookup(base, "__vdso_clock_gettime");
	if (!p)
		skip("the vDSO has no hash table or no clock_gettime");
	memcpy(&gettime, &p, sizeof(p));
	equal(gettime(CLOCK_MONOTONIC, &ts), 0, "clock_gettime");
	check(ts.tv_sec * 1000000000ll + ts.tv_nsec <= now(CLOCK_MONOTONIC), "its time");
	equal(gettime(1000, &ts), -EINVAL, "an unknown clock");
	return done();
}
