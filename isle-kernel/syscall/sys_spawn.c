// SPDX-License-Identifier: MIT
/*
 * sys_spawn.c - other processes: making them, becoming them, waiting for them.
 *
 * An isle runs one program, which may become another one (execve). What it starts by vfork and exec are processes of
 * Linux, children of the proxy; a copy of the program itself (fork) is refused.
 */
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/exec.h>
#include <kern/process.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/vfork.h>

#define AT_FDCWD      (-100)
#define SIGCHLD       17u
#define EXEC_FLAGS    0x1100u   /* AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW */
#define RUSAGE_BYTES  144u
#define INFO_BYTES    128u

int64_t sys_vfork(const uint64_t arg[6])
{
	const struct clone_args args = { .flags = CLONE_VM | CLONE_VFORK, .exit_signal = SIGCHLD };

	(void)arg;
	return vfork_make(&args);
}

static int64_t exec(int32_t dirfd, uint64_t path, uint64_t argv, uint64_t envp, uint32_t flags)
{
	return process_current()->vfork ? vfork_exec(dirfd, path, argv, envp, flags) :
					  exec_program(dirfd, path, argv, envp, flags);
}

int64_t sys_execve(const uint64_t arg[6])
{
	return exec(AT_FDCWD, arg[0], arg[1], arg[2], 0);
}

int64_t sys_execveat(const uint64_t arg[6])
{
	if ((uint32_t)arg[4] & ~EXEC_FLAGS)
		return -EINVAL;
	return exec((int32_t)arg[0], arg[1], arg[2], arg[3], (uint32_t)arg[4]);
}

int64_t sys_wait4(const uint64_t arg[6])
{
	syscall_present(arg[1], sizeof(uint32_t));
	syscall_present(arg[3], RUSAGE_BYTES);
	return syscall_forward(61, arg);
}

int64_t sys_waitid(const uint64_t arg[6])
{
	syscall_present(arg[2], INFO_BYTES);
	syscall_present(arg[4], RUSAGE_BYTES);
	return syscall_forward(247, arg);
}
