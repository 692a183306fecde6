/* SPDX-License-Identifier: MIT */
/*
 * exec.h - execve of the program itself.
 */
#ifndef KERN_EXEC_H
#define KERN_EXEC_H

#include <stdint.h>

/*
 * The process of the calling thread becomes the program that execveat would run. Returns -errno as execveat; 0 in the
 * new program, of which the calling thread is the only one, about to begin. A process that cannot be what it was any
 * more is ended by SIGKILL.
 */
int64_t exec_program(int32_t dirfd, uint64_t path, uint64_t argv, uint64_t envp, uint32_t flags);

/* Makes the strings of an exec present, for the proxy. 0, -EFAULT, -E2BIG. */
int exec_present(uint64_t path, uint64_t argv, uint64_t envp);

#endif
