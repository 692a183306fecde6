/* SPDX-License-Identifier: MIT */
/*
 * program.h - the program that an isle runs, seen from Linux: its file, its calls, its signals, its end.
 */
#ifndef PROXY_PROGRAM_H
#define PROXY_PROGRAM_H

#include "plat/plat.h"

#include "config.h"
#include "debug/debugger.h"
#include "serve/execfile.h"
#include "serve/serve.h"

#include <pthread.h>

struct program {
	struct execfile file;   /* the executable, out of the program's way, and how it was called */
	struct view *view;      /* what it sees of the machine */
	uint8_t *window;
	struct server server;
	bool serving;
	pthread_t reception, signals;
	struct debugger debugger;
};

/* Statuses as shells have them. */
enum { PROGRAM_NOT_EXECUTABLE = 126, PROGRAM_NOT_FOUND = 127 };

/*
 * Finds the program as execvp does, opens it and checks that an isle could run it. 0, or one of the statuses
 * above with a sentence.
 */
int program_open(struct program *program, const char *name, struct why *why);

/*
 * The isle is loaded: hands it arguments and environment and prepares to serve it, and a debugger if there shall be
 * one. 0 or -errno.
 */
int program_serve(struct program *program, struct isle *isle, const struct config *config, enum debugger_mode debug);

/* Starts the threads that serve it. Signals are blocked (signals_block) by then. 0 or -errno. */
int program_started(struct program *program, struct isle *isle);

/* The isle has ended: ends all threads, but a debugger's. */
void program_end(struct program *program);

/* It ended with this status of wait(2): the debugger is told, and ends. */
void program_debug_end(struct program *program, int status);

#endif
