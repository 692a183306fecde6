/* SPDX-License-Identifier: MIT */
/*
 * execblock.h - tells the isle kernel what to run, as whom.
 */
#ifndef SERVE_EXECBLOCK_H
#define SERVE_EXECBLOCK_H

#include <stdint.h>

struct isle_exec;

/*
 * Fills the exec block of a window: program (opened as fd, called name) with its arguments and environment, and the
 * identity, limits and signal state of the calling process. flags: ISLE_EXEC_F_*. 0; -E2BIG if strings do not fit;
 * -errno of getrandom.
 */
int execblock_fill(uint8_t *window, int fd, const char *name, char *const argv[], char *const envp[], uint32_t flags);

#endif
