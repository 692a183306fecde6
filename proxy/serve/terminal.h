/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - calls from the background of the program's terminal.
 */
#ifndef SERVE_TERMINAL_H
#define SERVE_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* True if this process has a controlling terminal. Without one nothing here applies. */
bool terminal_there(void);

/*
 * Before a call: true if Linux would stop a program in the background for it (SIGTTOU). *done_flags gets
 * ISLE_DONE_F_TTOU, and ISLE_DONE_F_ORPHAN if it would not because nobody could let it go on.
 */
bool terminal_holds(uint32_t nr, const uint64_t arg[6], uint32_t *done_flags);

/* After a call that ended with EIO: sets ISLE_DONE_F_TTIN if it is because it reads from the background. */
void terminal_told(uint32_t nr, const uint64_t arg[6], uint32_t *done_flags);

#endif
