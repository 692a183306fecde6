/* SPDX-License-Identifier: MIT */
/*
 * background.h - calls from the background of the program's terminal.
 */
#ifndef SYSCALL_BACKGROUND_H
#define SYSCALL_BACKGROUND_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The proxy answered a call with ISLE_DONE_F_TTIN or _TTOU in flags: signals the program's group and returns
 * -ERESTARTSYS, or *again: it shall be made once more and will be let through, or -EIO.
 */
int64_t background_answer(uint32_t flags, bool *again);

#endif
