// SPDX-License-Identifier: MIT
/*
 * call.c - makes a call in the program's name.
 *
 * A pointer of the program means the same here (mirror.c), so a call is made as it stands, by the bare
 * instruction (bare.h); or handed over to the child whose call it is (spawn.c). The exceptions are few: descriptors
 * that are the proxy's own, identity changes (which must reach every thread of the proxy, as libc does), paths that the
 * isle's view of the machine answers (../view), and the calls that are not Linux's.
 */
#include "bare.h"
#include "caller.h"
#include "exec.h"
#include "serve.h"
#include "share.h"
#include "spawn.h"
#include "table.h"
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define USER_END  0x800000000000ull   /* end of Linux's user addresses with four-level tables */

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
		return bare_syscall(SYS_close_range, arg);
	if (first >= own)
		return 0;
	return bare_syscall(SYS_close_range, (uint64_t[6]){ first, own - 1, arg[2], 0, 0, 0 });
}

/* Calls that are not made as they were asked for, whoever would make them; true if *result is the answer. */
static bool call_refused(uint32_t nr, const uint64_t arg[6], int64_t *result)
{
	switch (nr) {
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

/* Calls that need care when the proxy makes them; true if *result is the answer. */
static bool call_special(struct server *server, uint32_t nr, const uint64_t arg[6], int64_t *result)
{
	switch (nr) {
	case SYS_prlimit64:
		return limits_call(server, arg, result);
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
	default:
		return false;
	}
}

/* The bare call, or what the isle's view makes of it. */
static int64_t call_viewed(struct server *server, struct view_scratch *scratch, uint32_t nr, const uint64_t arg[6],
			   uint32_t *done_flags)
{
	uint64_t own[6];
	int64_t result;

	if (!server->view)
		return bare_call(nr, arg, done_flags);
	memcpy(own, arg, sizeof(own));
	view_call(server->view, nr, own, scratch);
	if (scratch->wants) {
		*done_flags |= scratch->wants;
		return -EAGAIN;
	}
	result = view_answer(server->view, nr, bare_call(nr, own, done_flags), scratch);
	if (scratch->is_named)
		*done_flags |= ISLE_DONE_F_NAMED;
	return result;
}

static int64_t call_linux(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6],
			  uint32_t *done_flags)
{
	const struct call_row *row = call_row(nr);
	int64_t result;

	if (!row || !row->forward)
		return -ENOSYS;
	if (!args_ours(row, arg))
		return -EFAULT;
	if (call_refused(nr, arg, &result))
		return result;
	/* A child has no descriptors of the proxy's, and one thread. */
	if (caller->spawn)
		return spawn_call(server, &caller->spawn, nr, arg, done_flags);
	if (call_special(server, nr, arg, &result))
		return result;
	if (server->terminal && !caller->background && terminal_holds(nr, arg, done_flags))
		return -EIO;
	caller->background = false;
	result = share_tell(server, nr, arg);
	if (result)
		return result;
	result = call_viewed(server, &caller->scratch, nr, arg, done_flags);
	if (result == -EIO && server->terminal)
		terminal_told(nr, arg, done_flags);
	if (nr == SYS_prctl && arg[0] == PR_SET_NO_NEW_PRIVS && result == 0)
		__atomic_store_n(&server->no_new_privs, true, __ATOMIC_RELAXED);
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

static int64_t file_keep(int fd)
{
	return guard_owns(fd) ? -EBADF : guard_dup(fd);
}

static int64_t call_isle(struct server *server, struct view_scratch *scratch, uint32_t nr, const uint64_t arg[6])
{
	uint64_t len = arg[1];
	void *at;

	switch (nr) {
	case ISLE_CALL_SYNC:
		return 0;
	case ISLE_CALL_FILL:
		return memory_transfer(server, arg, true);
	case ISLE_CALL_FLUSH:
		return memory_transfer(server, arg, false);
	case ISLE_CALL_MAP_SHARED:
	case ISLE_CALL_PIN:
	case ISLE_CALL_UNPIN:
	case ISLE_CALL_REMAP:
	case ISLE_CALL_SHM_MAP:
		return share_call(server, nr, arg);
	case ISLE_CALL_SIGNALS_LEAVE:
		return signals_leave(server, arg[0]);
	case ISLE_CALL_STOP:
		return signals_stop((int)arg[0]);
	case ISLE_CALL_KEEP:
		return file_keep((int)arg[0]);
	case ISLE_CALL_UNKEEP:
		if (!guard_owns((int)arg[0]))
			return -EBADF;
		guard_drop((int)arg[0]);
		return 0;
	case ISLE_CALL_REPORT:
		at = linear_at(server, arg[0], len);
		return at ? view_report(scratch, at, len) : -EFAULT;
	default:
		return -ENOSYS;
	}
}

static bool address_ours(uint64_t uva)
{
	return uva < ISLE_USER_TOP;
}

/* ISLE_SIGCHLD_*: Linux must know, for it decides by that what it keeps of children, and what it tells. */
static int64_t sigchld_set(uint64_t flags)
{
	struct sigaction action = { .sa_handler = flags & ISLE_SIGCHLD_IGNORED ? SIG_IGN : SIG_DFL };

	action.sa_flags = (flags & ISLE_SIGCHLD_NOWAIT ? SA_NOCLDWAIT : 0) |
			  (flags & ISLE_SIGCHLD_NOSTOP ? SA_NOCLDSTOP : 0);
	return result_of(sigaction(SIGCHLD, &action, NULL));
}

/* Calls about children and the caller itself; true if it was one of them. */
static bool call_family(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6],
			uint32_t *done_flags, int64_t *result)
{
	switch (nr) {
	case ISLE_CALL_SPAWN:
		if (caller->spawn)
			*result = -EBUSY;
		else if ((arg[1] & CLONE_PIDFD) && !address_ours(arg[2]))
			*result = -EFAULT;
		else
			*result = spawn_begin(server, &caller->spawn, arg);
		return true;
	case ISLE_CALL_LEAVE:
		*result = caller->spawn ? spawn_call(server, &caller->spawn, nr, arg, done_flags) : -ESRCH;
		return true;
	case ISLE_CALL_SIGCHLD:
		*result = sigchld_set(arg[0]);
		return true;
	case ISLE_CALL_BACKGROUND:
		caller->background = true;
		*result = 0;
		return true;
	/* The descriptor would be the child's, and what is made of it the program's. */
	case ISLE_CALL_KEEP:
	case ISLE_CALL_MAP_SHARED:
		*result = -ENODEV;
		return caller->spawn;
	default:
		return false;
	}
}

int64_t call_run(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6], uint32_t *done_flags)
{
	int64_t result;

	if (nr < ISLE_CALL_SYNC)
		return call_linux(server, caller, nr, arg, done_flags);
	if (exec_call(server, caller, nr, arg, done_flags, &result) ||
	    call_family(server, caller, nr, arg, done_flags, &result))
		return result;
	return call_isle(server, &caller->scratch, nr, arg);
}
