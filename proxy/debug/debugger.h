/* SPDX-License-Identifier: MIT */
/*
 * debugger.h - waits for gdb, and for the program's death if it shall leave a core file.
 */
#ifndef DEBUG_DEBUGGER_H
#define DEBUG_DEBUGGER_H

#include "target.h"
#include "why.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* If none is named; and the next ones, if it is taken: each rank of a job has its own. */
#define DEBUGGER_PORT   1234u
#define DEBUGGER_PORTS  64u

/* HERMIT_DEBUG: gdb may come at any time; the program waits for it before its first instruction. */
enum debugger_mode { DEBUGGER_OFF, DEBUGGER_ON, DEBUGGER_WAIT };

struct debugger {
	enum debugger_mode mode;
	bool core;               /* RLIMIT_CORE allows core files */
	const char *program;
	char path[4096];         /* what program may point to */
	struct target target;
	int listener;            /* -1: none */
	unsigned int port;
	bool running;            /* the thread is there */
	pthread_t thread;
	volatile bool ended;
	int status;              /* of wait(2), when ended */
};

/*
 * The isle is loaded and not started: opens the port (0: the first that is free) and tells the isle kernel what will be
 * wanted. Does nothing if neither debugger nor core file is wanted. 0, or -errno with a sentence.
 */
int debugger_open(struct debugger *debugger, enum debugger_mode mode, uint32_t port, const char *program,
		  struct server *server, struct why *why);
/* Starts the thread. Signals are blocked. 0 or -errno. */
int debugger_start(struct debugger *debugger);
/* The program has ended with this status of wait(2): tells gdb, ends the thread. */
void debugger_end(struct debugger *debugger, int status);

#endif
