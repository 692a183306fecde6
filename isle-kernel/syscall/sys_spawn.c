// SPDX-License-Identifier: MIT
/*
 * sys_spawn.c - other processes: making them, becoming them, waiting for them.
 *
 * An isle runs one program. What it starts by vfork and exec are processes of Linux, children of the
 * proxy; a copy of the program itself (fork) is refused.
 */
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/vfork.h>

#define AT_FDCWD      (-100)
#define SIGCHLD       17u
#define RUSAGE_BYTES  144u
#define INFO_BYTES    128u

int64_t sys_vfork(const uint64_t arg[6])
{
	const struct clone_args args = { .flags = CLONE_VM | CLONE_VFORK, .exit_signal = SIGCHLD };

	(void)arg;
	return vfork_make(&args);
}

int64_t sys_execve(const uint64_t arg[6])
{
	if (!process_current()->vfork)
		return syscall_unknown(59);
	return vfork_exec(AT_FDCWD, arg[0], arg[1], arg[2], 0);
}

int64_t sys_execveat(const uint64_t arg[6])
{
	if (!process_current()->vfork)
		return syscall_unknown(322);
	return vfork_exec((int32_t)arg[0], arg[1], arg[2], arg[3], (uint32_t)arg[4]);
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
