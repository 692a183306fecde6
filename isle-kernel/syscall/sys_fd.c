// SPDX-License-Identifier: MIT
/*
 * sys_fd.c - calls about descriptors that the isle sees first.
 *
 * Descriptors are Linux's, in the proxy. The isle has no state about them yet, so these go there as
 * they are; their rows are not FORWARD because files that the isle serves itself will be told apart
 * here.
 */
#include <kern/calls.h>
#include <kern/syscall.h>

int64_t sys_close(const uint64_t arg[6])
{
	return syscall_forward(3, arg);
}

int64_t sys_dup2(const uint64_t arg[6])
{
	return syscall_forward(33, arg);
}

int64_t sys_dup3(const uint64_t arg[6])
{
	return syscall_forward(292, arg);
}

int64_t sys_fcntl(const uint64_t arg[6])
{
	/*
	 * Commands whose argument is a pointer: F_GETLK..F_SETLKW, F_*OWN_EX, F_OFD_*, read and
	 * write hints.
	 */
	if ((arg[1] >= 5 && arg[1] <= 7) || (arg[1] >= 15 && arg[1] <= 17) || (arg[1] >= 36 && arg[1] <= 38) ||
	    (arg[1] >= 1035 && arg[1] <= 1038))
		syscall_present(arg[2], 32);
	return syscall_forward(72, arg);
}

int64_t sys_close_range(const uint64_t arg[6])
{
	return syscall_forward(436, arg);
}
