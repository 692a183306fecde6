// SPDX-License-Identifier: MIT
/*
 * scratch.c - the page through which the kernel hands strings and structs to forwarded calls.
 */
#include <kern/scratch.h>

#include <kern/aspace.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/uaccess.h>

#define SYS_READ    0u
#define SYS_CLOSE   3u
#define SYS_OPENAT  257u
#define AT_FDCWD    ((uint64_t)-100)

int scratch_make(struct process *process)
{
	struct region model = { .kind = REGION_ANON, .prot = REGION_READ | REGION_WRITE };
	int64_t at;

	/* In the highest granule, apart from all that the program maps. */
	model.start = ISLE_USER_TOP - SCRATCH_SIZE;
	at = aspace_map(process->aspace, &model, SCRATCH_SIZE, true, false);
	if (at < 0)
		return (int)at;
	process->scratch = (isle_uva_t)at;
	return 0;
}

isle_uva_t scratch_take(const void *data, size_t size)
{
	struct process *process = process_memory(process_current());

	mutex_lock(&process->scratch_lock);
	return copy_to_user(process->scratch, data, size) ? 0 : process->scratch;
}

void scratch_give_back(void)
{
	mutex_unlock(&process_memory(process_current())->scratch_lock);
}

int64_t scratch_call(uint32_t nr, const uint64_t arg[6], size_t results)
{
	struct process *process = process_current();
	int err = aspace_populate(process->aspace, process->scratch, results ? results : 1, ACCESS_WRITE);

	return err ? err : chan_call(nr, arg, false, NULL);
}

int64_t scratch_read_file(const char *path, char *to, size_t size)
{
	uint64_t arg[6] = { AT_FDCWD }, at;
	int64_t fd, got;

	at = arg[1] = scratch_take(path, strlen(path) + 1);
	fd = at ? scratch_call(SYS_OPENAT, arg, 0) : -ENOMEM;
	got = fd;
	if (fd >= 0) {
		const uint64_t read[6] = { (uint64_t)fd, at, size - 1 }, shut[6] = { (uint64_t)fd };

		got = scratch_call(SYS_READ, read, size - 1);
		/* The number is the proxy's word, the buffer is the kernel's. */
		if (got >= (int64_t)size)
			got = -EIO;
		if (got >= 0 && copy_from_user(to, at, (size_t)got))
			got = -EFAULT;
		chan_call(SYS_CLOSE, shut, false, NULL);
	}
	scratch_give_back();
	to[got > 0 ? got : 0] = '\0';
	return got;
}
