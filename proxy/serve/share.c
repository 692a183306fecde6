// SPDX-License-Identifier: MIT
/*
 * share.c - shared mappings: the proxy has the file or segment at the program's addresses, and its pages are pinned
 * for the isle.
 */
#include "share.h"

#include "serve.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>

bool range_ours(uint64_t uva, uint64_t len)
{
	return !((uva | len) & (ISLE_PAGE_SIZE - 1)) && len && uva >= ISLE_USER_BOTTOM && uva < ISLE_USER_TOP &&
	       len <= ISLE_USER_TOP - uva;
}

/* fd, offset, len, prot, flags, uva */
static int64_t shared_map(const uint64_t arg[6])
{
	int prot = (int)(arg[3] & (PROT_READ | PROT_WRITE));
	int flags = (int)(arg[4] & (MAP_HUGETLB | (63u << MAP_HUGE_SHIFT))) | MAP_SHARED | MAP_FIXED;

	if (!range_ours(arg[5], arg[2]))
		return -EINVAL;
	/* The proxy's own are not the program's: one of them may be the isle's memory. */
	if (guard_owns((int)arg[0]))
		return -EBADF;
	/* Linux wants read rights to pin; a mapping that the program may only write does not exist on x86. */
	if (mmap((void *)(uintptr_t)arg[5], arg[2], prot | PROT_READ, flags, (int)arg[0], (off_t)arg[1]) == MAP_FAILED)
		return -errno;
	return 0;
}

/* shmid, shmflg, uva */
static int64_t shm_map(const uint64_t arg[6])
{
	int flags = (int)(arg[1] & SHM_RDONLY) | SHM_REMAP;
	struct shmid_ds ds;
	uint64_t size;

	if (shmctl((int)arg[0], IPC_STAT, &ds))
		return -errno;
	size = (ds.shm_segsz + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1);
	if (!range_ours(arg[2], size))
		return -EINVAL;
	if (shmat((int)arg[0], (void *)(uintptr_t)arg[2], flags) == (void *)-1)
		return -errno;
	return (int64_t)size;
}

/* uva, len, new len, new uva */
static int64_t shared_remap(const uint64_t arg[6])
{
	void *old = (void *)(uintptr_t)arg[0], *new = (void *)(uintptr_t)arg[3];

	if (!range_ours(arg[0], arg[1]) || !range_ours(arg[3], arg[2]))
		return -EINVAL;
	if (mremap(old, arg[1], arg[2], old == new ? 0 : MREMAP_MAYMOVE | MREMAP_FIXED, new) == MAP_FAILED)
		return -errno;
	return 0;
}

int64_t share_call(struct server *server, uint32_t nr, const uint64_t arg[6])
{
	uint64_t len = arg[1];
	int err;

	switch (nr) {
	case ISLE_CALL_MAP_SHARED:
		__atomic_store_n(&server->shares, true, __ATOMIC_RELEASE);
		return shared_map(arg);
	case ISLE_CALL_PIN:
		if (!range_ours(arg[0], len))
			return -EINVAL;
		err = server->ops->pin(server->ctx, arg[0], &len, arg[2]);
		return err ? err : (int64_t)len;
	case ISLE_CALL_UNPIN:
		if (!range_ours(arg[0], len))
			return -EINVAL;
		err = server->ops->unpin(server->ctx, arg[0], len);
		return err || arg[2] || !munmap((void *)(uintptr_t)arg[0], len) ? err : -errno;
	case ISLE_CALL_REMAP:
		return shared_remap(arg);
	default:
		return shm_map(arg);
	}
}

/*
 * The same for the shared mappings of one file only. By its inode number: file systems give their files other device
 * numbers in maps than in stat, and a file too many does no harm.
 */
static int file_dirty(struct server *server, int fd)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to, inode;
	char line[512], shared;
	struct stat st;
	int err = 0;

	if (!maps)
		return -errno;
	while (!err && fstat(fd, &st) == 0 && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*3c%c %*x %*x:%*x %lu", &from, &to, &shared, &inode) == 4 && shared == 's' &&
		    inode == st.st_ino && range_ours(from, to - from))
			err = server->ops->dirty(server->ctx, from, to - from);
	fclose(maps);
	return err;
}

int share_tell(struct server *server, uint32_t nr, const uint64_t arg[6])
{
	int err;

	if (!server->ops->dirty || !__atomic_load_n(&server->shares, __ATOMIC_ACQUIRE))
		return 0;
	switch (nr) {
	case SYS_msync:
		return server->ops->dirty(server->ctx, arg[0], (arg[1] + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1));
	case SYS_fsync:
	case SYS_fdatasync:
	case SYS_sync_file_range:
		/* A page that Linux does not take may be of another file, whose sync will say so. */
		err = server->ops->dirty(server->ctx, 0, ISLE_USER_TOP);
		return err ? file_dirty(server, (int)arg[0]) : 0;
	case SYS_syncfs:
		return server->ops->dirty(server->ctx, 0, ISLE_USER_TOP);
	case SYS_sync:
		server->ops->dirty(server->ctx, 0, ISLE_USER_TOP);
		return 0;
	default:
		return 0;
	}
}
