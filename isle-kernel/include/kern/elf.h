/* SPDX-License-Identifier: MIT */
/*
 * elf.h - what the loader needs to know of a Linux ELF program.
 */
#ifndef KERN_ELF_H
#define KERN_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_MAX_LOADS     16
#define ELF_MAX_PHNUM     64
#define ELF_INTERP_MAX    256
/*
 * The first bytes of a file that elf_parse wants to see: ELF header, program headers, name of the
 * interpreter.
 */
#define ELF_HEAD_SIZE     8192u

enum { ELF_READ = 4, ELF_WRITE = 2, ELF_EXEC = 1 };

/* One PT_LOAD, as the file has it. Addresses are without load bias. */
struct elf_load {
	uint64_t vaddr;
	uint64_t offset;
	uint64_t filesz;
	uint64_t memsz;
	uint32_t flags;        /* ELF_READ | ELF_WRITE | ELF_EXEC */
};

struct elf_program {
	bool     relocatable;  /* ET_DYN: may be placed anywhere, at multiples of align */
	bool     exec_stack;   /* PT_GNU_STACK asks for an executable stack */
	uint64_t entry;
	uint64_t phdr_vaddr;   /* of the program header table in memory, for AT_PHDR; 0 if it is in no segment */
	uint32_t phnum;
	uint64_t align;        /* largest p_align, a power of two, at least a page */
	uint64_t low, high;    /* span of all loads, rounded out to pages */
	uint32_t nr_loads;
	struct elf_load load[ELF_MAX_LOADS];
	char     interp[ELF_INTERP_MAX]; /* empty: none */
};

/*
 * Reads the head of a file (its first len bytes, at most ELF_HEAD_SIZE are looked at; file_size is
 * the whole file's) into *prog. Returns 0, -ENOEXEC with *why set to one clause, or -EINVAL
 * likewise for a malformed ELF file. Reads nothing outside the buffer, allocates nothing.
 */
int elf_parse(const void *head, size_t len, uint64_t file_size, struct elf_program *prog, const char **why);

#endif
