/* SPDX-License-Identifier: MIT */
/*
 * file_facts.h - what a mapping must know of the file behind a descriptor of Linux's.
 */
#ifndef SYSCALL_FILE_FACTS_H
#define SYSCALL_FILE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

/* What fstat says, as far as mappings need it. */
struct file_facts {
	uint64_t dev, ino, rdev, size, block;
	uint32_t mode;
};

/* Asks Linux. 0 or -errno. */
int file_facts(int32_t fd, struct file_facts *facts);
/* Whether a file is made of huge pages: the size of one, else 0. */
uint64_t file_huge_page(int32_t fd, const struct file_facts *facts);
/* The access that a mapping needs must be the descriptor's. 1: it may be written too; 0; or -errno. */
int file_access(int32_t fd, bool writable);

#endif
