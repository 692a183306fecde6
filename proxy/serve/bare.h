/* SPDX-License-Identifier: MIT */
/*
 * bare.h - system calls by the bare instruction.
 *
 * libc would interpret errno, cancel threads and cache identities. And a child that shares this memory (spawn.c) has no
 * thread area of its own: it may make no call through libc at all.
 */
#ifndef SERVE_BARE_H
#define SERVE_BARE_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

#include <isle/call.h>

/* As the kernel returns it: a result or -errno. */
static inline int64_t bare_syscall(uint32_t nr, const uint64_t a[6])
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

/* The same with up to four numbers as arguments. */
static inline int64_t bare4(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	return bare_syscall(nr, (const uint64_t[6]){ a0, a1, a2, a3, 0, 0 });
}

/* Takes a signal off that a call may have left pending for this thread: true if it was there. */
static inline bool bare_taken(int signo)
{
	const uint64_t set = 1ull << (signo - 1), now[2] = { 0, 0 };

	return bare4(SYS_rt_sigtimedwait, (uintptr_t)&set, 0, (uintptr_t)now, sizeof(set)) == signo;
}

/*
 * A call of the program. SIGPIPE and SIGXFSZ are for the thread that made it; they are blocked here, taken off and
 * told by ISLE_DONE_F_*.
 */
static inline int64_t bare_call(uint32_t nr, const uint64_t arg[6], uint32_t *done_flags)
{
	int64_t result = bare_syscall(nr, arg);

	if (result == -EPIPE && bare_taken(SIGPIPE))
		*done_flags |= ISLE_DONE_F_SIGPIPE;
	if (result == -EFBIG && bare_taken(SIGXFSZ))
		*done_flags |= ISLE_DONE_F_SIGXFSZ;
	return result;
}

#endif
