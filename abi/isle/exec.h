/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * exec.h - what program to run, and as whom: written by the proxy before start, and again by ISLE_CALL_EXEC.
 *
 * The isle kernel loads the program as execve would, through forwarded calls; fd is the
 * opened executable. Strings follow the struct: argv, then envp, then the name it was
 * started by, each NUL-terminated, without gaps.
 */
#ifndef ISLE_EXEC_H
#define ISLE_EXEC_H

#include <isle/types.h>
#include <isle/version.h>
#include <isle/window.h>

#define ISLE_EXEC_MAGIC  0x43455845454c5349ull /* "ISLEEXEC" */
#define ISLE_EXEC_SIZE   (ISLE_WINDOW_SIZE - ISLE_WINDOW_EXEC)
#define ISLE_NR_RLIMITS  16

struct isle_exec {
	uint64_t magic;         /* ISLE_EXEC_MAGIC; 0: there is no program */
	uint32_t revision;
	uint32_t flags;         /* ISLE_EXEC_F_* */
	int32_t  fd;            /* the executable */
	uint32_t argc;
	uint32_t envc;
	uint32_t strings_size;
	/* Identity: the proxy's, which is the program's. */
	uint32_t pid, ppid, pgid, sid;
	uint32_t uid, euid, gid, egid;
	uint64_t rlimit[ISLE_NR_RLIMITS][2];  /* soft, hard, by Linux's RLIMIT_ numbers */
	uint8_t  random[32];    /* for AT_RANDOM and the isle's generator */
	uint64_t sigignored;    /* signals ignored at start, bit signo - 1 */
	uint64_t sigblocked;    /* signals blocked at start */
	uint64_t file_size;     /* of the executable */
	uint64_t reserved[3];
};
ISLE_ASSERT_SIZE(struct isle_exec, 400);

#define ISLE_EXEC_F_STRACE   (1u << 0) /* write every call to the log */
#define ISLE_EXEC_F_RING0    (1u << 1) /* run the program in ring 0, if ISLE_BOOT_F_RING0 allows it */

#endif
