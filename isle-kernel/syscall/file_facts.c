// SPDX-License-Identifier: MIT
/*
 * file_facts.c - asks Linux what a mapping must know of a file.
 */
#include "file_facts.h"

#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/scratch.h>
#include <kern/uaccess.h>
#define STAT_SIZE    144u
#define SYS_FSTAT    5u
#define SYS_FSTATFS  138u
#define STATFS_SIZE  120u
#define HUGETLBFS_MAGIC  0x958458f6u  /* Linux's include/uapi/linux/magic.h */
#define O_ACCMODE    3
#define F_GETFL      3
#define SYS_FCNTL    72u

int file_facts(int32_t fd, struct file_facts *facts)
{
	uint64_t raw[8] = { 0 } /* Linux's struct stat */, arg[6] = { (uint32_t)fd };
	int64_t err;

	arg[1] = scratch_take(NULL, 0);
	err = scratch_call(SYS_FSTAT, arg, STAT_SIZE);
	if (!err)
		err = copy_from_user(raw, arg[1], sizeof(raw));
	scratch_give_back();
	*facts = (struct file_facts){
		.dev = raw[0], .ino = raw[1], .mode = (uint32_t)raw[3], .rdev = raw[5], .size = raw[6],
		.block = raw[7],
	};
	return (int)err;
}

uint64_t file_huge_page(int32_t fd, const struct file_facts *facts)
{
	uint64_t magic = 0, arg[6] = { (uint32_t)fd };

	/* Few files have such blocks, and tmpfs may be one that has. */
	if (facts->block < ISLE_GRANULE_SIZE || (facts->block & (facts->block - 1)))
		return 0;
	arg[1] = scratch_take(NULL, 0);
	if (scratch_call(SYS_FSTATFS, arg, STATFS_SIZE) || get_user(&magic, arg[1]))
		magic = 0;
	scratch_give_back();
	return magic == HUGETLBFS_MAGIC ? facts->block : 0;
}

int file_access(int32_t fd, bool writable)
{
	const uint64_t arg[6] = { (uint32_t)fd, F_GETFL };
	int64_t flags = chan_call(SYS_FCNTL, arg, false, NULL);

	if (flags < 0)
		return (int)flags;
	if ((flags & O_ACCMODE) == 1 || (writable && (flags & O_ACCMODE) != 2))
		return -EACCES;
	return (flags & O_ACCMODE) == 2;
}
