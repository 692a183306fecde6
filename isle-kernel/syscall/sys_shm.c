// SPDX-License-Identifier: MIT
/*
 * sys_shm.c - System V shared memory, and files that change under their shared mappings.
 *
 * Segments are Linux's: the proxy attaches them at the program's address and the isle maps the same
 * pages (mm/shared.c), so Linux processes and other isles that attach a segment share it.
 */
#include <kern/aspace.h>
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/syscall.h>
#include <kern/uaccess.h>

#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)

enum {
	SYS_FSTAT = 5, SYS_SHMCTL = 31, SYS_TRUNCATE = 76, SYS_FTRUNCATE = 77, SYS_FALLOCATE = 285,
	IPC_STAT = 2, SHMID_SIZE = 112, SHMID_SEGSZ = 6 /* 64-bit words from its beginning */, STAT_SIZE = 144,
	SHM_RDONLY = 010000, SHM_RND = 020000, SHM_REMAP = 040000, SHM_EXEC = 0100000,
	FALLOC_KEEPS_PAGES = 1, PATH_SIZE = 4096,
};

/* Bytes of a segment, in whole pages, or -errno. */
static int64_t segment_size(uint64_t id)
{
	uint64_t raw[SHMID_SEGSZ + 1] = { 0 } /* Linux's struct shmid_ds */, arg[6] = { id, IPC_STAT };
	int64_t err;

	arg[2] = scratch_take(NULL, 0);
	err = scratch_call(SYS_SHMCTL, arg, SHMID_SIZE);
	if (err >= 0)
		err = copy_from_user(raw, arg[2], sizeof(raw));
	scratch_give_back();
	if (err < 0)
		return err;
	return raw[SHMID_SEGSZ] > ISLE_USER_TOP ? -ENOMEM : (int64_t)((raw[SHMID_SEGSZ] + PAGE_LOW) & ~PAGE_LOW);
}

int64_t sys_shmat(const uint64_t arg[6])
{
	uint64_t flags = arg[2];
	struct region model = {
		.start = arg[1], .prot = REGION_READ, .flags = REGION_F_SHM, .ino = (uint32_t)arg[0],
	};
	int64_t size, at;

	if ((int32_t)arg[0] < 0)
		return -EINVAL;
	if (model.start & PAGE_LOW) {
		if (!(flags & SHM_RND))
			return -EINVAL;
		model.start &= ~PAGE_LOW;
	}
	if (!model.start && (flags & SHM_REMAP))
		return -EINVAL;
	if (!(flags & SHM_RDONLY)) {
		model.prot |= REGION_WRITE;
		model.flags |= REGION_F_MAYWRITE;
	}
	if (flags & SHM_EXEC)
		model.prot |= REGION_EXEC;
	size = segment_size((uint32_t)arg[0]);
	if (size <= 0)
		return size ? size : -EINVAL;
	model.file_size = (uint64_t)size;
	at = aspace_map_shared(process_current()->aspace, &model, (uint64_t)size, (int32_t)arg[0], model.start != 0,
			       flags & SHM_REMAP);
	return at == -EEXIST ? -EINVAL : at;
}

int64_t sys_shmdt(const uint64_t arg[6])
{
	if ((arg[0] & PAGE_LOW) || arg[0] >= ISLE_USER_TOP)
		return -EINVAL;
	return aspace_detach(process_current()->aspace, arg[0]);
}

/* The file behind a descriptor has lost pages from off on. */
static void file_changed(uint64_t fd, uint64_t off)
{
	uint64_t raw[2] /* st_dev and st_ino of Linux's struct stat */, arg[6] = { fd };
	struct aspace *aspace = process_current()->aspace;
	int64_t err;

	if (!__atomic_load_n(&aspace->nr_shared, __ATOMIC_RELAXED))
		return;
	arg[1] = scratch_take(NULL, 0);
	err = scratch_call(SYS_FSTAT, arg, STAT_SIZE);
	if (!err)
		err = copy_from_user(raw, arg[1], sizeof(raw));
	scratch_give_back();
	if (!err)
		aspace_shared_changed(aspace, raw[0], raw[1], off);
}

int64_t sys_truncate(const uint64_t arg[6])
{
	int64_t err;

	syscall_present(arg[0], PATH_SIZE);
	err = syscall_forward(SYS_TRUNCATE, arg);
	/* Which file the name means is Linux's to know. */
	if (!err)
		aspace_shared_changed(process_current()->aspace, 0, 0, arg[1]);
	return err;
}

int64_t sys_ftruncate(const uint64_t arg[6])
{
	int64_t err = syscall_forward(SYS_FTRUNCATE, arg);

	if (!err)
		file_changed(arg[0], arg[1]);
	return err;
}

int64_t sys_fallocate(const uint64_t arg[6])
{
	int64_t err = syscall_forward(SYS_FALLOCATE, arg);

	/* Holes, collapsed and inserted ranges; plain allocation leaves what is there. */
	if (!err && (arg[1] & ~(uint64_t)FALLOC_KEEPS_PAGES))
		file_changed(arg[0], arg[2]);
	return err;
}
