/* SPDX-License-Identifier: MIT */
/*
 * signals.h - passes the signals that Linux sends to the proxy on to the program.
 */
#ifndef SERVE_SIGNALS_H
#define SERVE_SIGNALS_H

#include "serve.h"

/*
 * Blocks every signal that is to be passed on, in the calling thread and so in all it will start. Call it before any
 * thread exists. Those that stop a program are among them: the isle decides, and has the proxy stopped when its threads
 * are held (signals_stop). SIGSTOP from outside stops the proxy at once: the program's calls wait, its threads compute.
 */
void signals_block(void);

/* Passes signals on until the isle has ended (returns) or server->stopping. Runs in a thread of its own. */
void signals_pass(struct server *server);

/*
 * Ends the calling process as the program ended: by exit status or by the same signal. Does not return.
 */
void signals_end(int wait_status) __attribute__((noreturn));

#endif
