// SPDX-License-Identifier: MIT
/*
 * call.c - makes a call in the program's name.
 *
 * A pointer of the program means the same here (mirror.c), so a call is made as it stands, by the bare
 * instruction: libc would interpret errno, cancel threads and cache identities. The exceptions are few:
 * descriptors that are the proxy's own, identity changes (which must reach every thread of the proxy, as libc
 * does), paths that the isle's view of the machine answers (../view), and the calls that are not Linux's.
 */
#include "serve.h"
#include "table.h"

#include "../view/view.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define USER_END  0x800000000000ull   /* end of Linux's user addresses with four-level tables */

static int64_t syscall_bare(uint32_t nr, const uint64_t a[6])
{
	register uint64_t r10 __asm__("r10") = a[3];
	register uint64_t r8 __asm__("r8") = a[4];
	register uint64_t r9 __asm__("r9") = a[5];
	int64_t result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"((uint64_t)nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* True if every argument that may be an address is the program's. */
static bool args_ours(const struct call_row *row, const uint64_t arg[6])
{
	uint32_t i;

	for (i = 0; row->format[i]; i++) {
		char c = row->format[i];

		if ((c == 'p' || c == 's') && arg[i] >= ISLE_USER_TOP)
			return false;
		/* Untyped arguments (fcntl, prctl, semctl) may be addresses; none is as large a number otherwise. */
		if (c == 'l' && arg[i] >= ISLE_USER_TOP && arg[i] < USER_END)
			return false;
	}
	return true;
}

static int64_t result_of(long value)
{
	return value == -1 ? -errno : value;
}

/* close_range without the proxy's own descriptors, which lie in one block at the top. */
static int64_t close_range_ours(const uint64_t arg[6])
{
	uint64_t first = (uint32_t)arg[0], last = (uint32_t)arg[1], own = (uint64_t)guard_first();

	if (!own || last < own || first > last)
		return syscall_bare(SYS_close_range, arg);
	if (first >= own)
		return 0;
	return syscall_bare(SYS_close_range, (uint64_t[6]){ first, own - 1, arg[2], 0, 0, 0 });
}

static bool range_ours(uint64_t uva, uint64_t len)
{
	return !((uva | len) & (ISLE_PAGE_SIZE - 1)) && len && uva >= ISLE_USER_BOTTOM && uva < ISLE_USER_TOP &&
	       len <= ISLE_USER_TOP - uva;
}

/* Calls that need care; true if *result is the answer. */
static bool call_special(uint32_t nr, const uint64_t arg[6], int64_t *result)
{
	switch (nr) {
	case SYS_close:
	case SYS_fcntl:
	case SYS_dup:
	case SYS_flock:
		if (!guard_owns((int)arg[0]))
			return false;
		*result = -EBADF;
		return true;
	case SYS_dup2:
	case SYS_dup3:
		if (!guard_owns((int)arg[0]) && !guard_owns((int)arg[1]))
			return false;
		*result = -EBADF;
		return true;
	case SYS_close_range:
		*result = close_range_ours(arg);
		return true;
	case SYS_setuid:
		*result = result_of(setuid((uid_t)arg[0]));
		return true;
	case SYS_setgid:
		*result = result_of(setgid((gid_t)arg[0]));
		return true;
	case SYS_setreuid:
		*result = result_of(setreuid((uid_t)arg[0], (uid_t)arg[1]));
		return true;
	case SYS_setregid:
		*result = result_of(setregid((gid_t)arg[0], (gid_t)arg[1]));
		return true;
	case SYS_setresuid:
		*result = result_of(setresuid((uid_t)arg[0], (uid_t)arg[1], (uid_t)arg[2]));
		return true;
	case SYS_setresgid:
		*result = result_of(setresgid((gid_t)arg[0], (gid_t)arg[1], (gid_t)arg[2]));
		return true;
	case SYS_madvise:
		/* Only holes in the program's shared files: the rest is the isle's, and the proxy has memory too. */
		if (arg[2] == MADV_REMOVE && range_ours(arg[0], (arg[1] + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1)))
			return false;
		*result = -EINVAL;
		return true;
	/* The isle's part of these is all of it, or has a call of its own below. */
	case SYS_fork: case SYS_vfork: case SYS_execve: case SYS_execveat:
	case SYS_mmap: case SYS_shmat: case SYS_shmdt: case SYS_rt_sigaction:
		*result = -ENOSYS;
		return true;
	default:
		return false;
	}
}

/* The bare call, or what the isle's view makes of it. */
static int64_t call_viewed(struct server *server, struct view_scratch *scratch, uint32_t nr, const uint64_t arg[6])
{
	uint64_t own[6];

	if (!server->view)
		return syscall_bare(nr, arg);
	memcpy(own, arg, sizeof(own));
	view_call(server->view, nr, own, scratch);
	return view_answer(server->view, nr, syscall_bare(nr, own), scratch);
}

static int64_t call_linux(struct server *server, struct view_scratch *scratch, uint32_t nr, const uint64_t arg[6],
			  uint32_t *done_flags)
{
	const struct call_row *row = call_row(nr);
	int64_t result;

	if (!row || !row->forward)
		return -ENOSYS;
	if (!args_ours(row, arg))
		return -EFAULT;
	if (call_special(nr, arg, &result))
		return result;
	result = call_viewed(server, scratch, nr, arg);
	if (result == -EPIPE) {
		/* SIGPIPE is for the thread that made the call; it is blocked here and becomes the program's. */
		sigset_t pipe;

		sigemptyset(&pipe);
		sigaddset(&pipe, SIGPIPE);
		if (sigtimedwait(&pipe, NULL, &(struct timespec){ 0 }) == SIGPIPE)
			*done_flags |= ISLE_DONE_F_SIGPIPE;
	}
	return result;
}

/* Isle memory named by ipa, as a pointer; NULL if it is not all isle memory. */
static void *linear_at(struct server *server, uint64_t ipa, uint64_t len)
{
	if (ipa > server->mem_size || len > server->mem_size - ipa)
		return NULL;
	return server->linear + ipa;
}

/* FILL and FLUSH: all of it, or up to the end of the file. */
static int64_t memory_transfer(struct server *server, const uint64_t arg[6], bool fill)
{
	uint8_t *at = linear_at(server, arg[2], arg[3]);
	uint64_t done = 0;

	if (!at)
		return -EFAULT;
	while (done < arg[3]) {
		off_t off = (off_t)(arg[1] + done);
		ssize_t n = fill ? pread((int)arg[0], at + done, arg[3] - done, off) :
			    pwrite((int)arg[0], at + done, arg[3] - done, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return done ? (int64_t)done : -errno;
		if (n == 0)
			break;
		done += (uint64_t)n;
	}
	return (int64_t)done;
}

/* fd, offset, len, prot, flags, uva */
static int64_t shared_map(const uint64_t arg[6])
{
	int prot = (int)(arg[3] & (PROT_READ | PROT_WRITE));
	int flags = (int)(arg[4] & (MAP_HUGETLB | (63u << MAP_HUGE_SHIFT))) | MAP_SHARED | MAP_FIXED;

	if (!range_ours(arg[5], arg[2]))
		return -EINVAL;
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

static int64_t file_keep(int fd)
{
	int copy;

	if (guard_owns(fd))
		return -EBADF;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return copy < 0 ? -errno : guard_take(copy);
}

static int64_t call_isle(struct server *server, uint32_t nr, const uint64_t arg[6])
{
	uint64_t len = arg[1];
	int err;

	switch (nr) {
	case ISLE_CALL_SYNC:
		return 0;
	case ISLE_CALL_FILL:
		return memory_transfer(server, arg, true);
	case ISLE_CALL_FLUSH:
		return memory_transfer(server, arg, false);
	case ISLE_CALL_MAP_SHARED:
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
		return err || arg[2] ? err : result_of(munmap((void *)(uintptr_t)arg[0], len));
	case ISLE_CALL_REMAP:
		return shared_remap(arg);
	case ISLE_CALL_SHM_MAP:
		return shm_map(arg);
	case ISLE_CALL_KEEP:
		return file_keep((int)arg[0]);
	case ISLE_CALL_UNKEEP:
		if (!guard_owns((int)arg[0]))
			return -EBADF;
		guard_drop((int)arg[0]);
		return 0;
	default:
		return -ENOSYS;
	}
}

int64_t call_run(struct server *server, struct view_scratch *scratch, uint32_t nr, const uint64_t arg[6],
		 uint32_t *done_flags)
{
	return nr < ISLE_CALL_SYNC ? call_linux(server, scratch, nr, arg, done_flags) : call_isle(server, nr, arg);
}
