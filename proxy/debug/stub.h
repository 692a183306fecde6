/* SPDX-License-Identifier: MIT */
/*
 * stub.h - one debugger's session: gdb's commands on one side, the stopped or running program on the other.
 */
#ifndef DEBUG_STUB_H
#define DEBUG_STUB_H

#include "gdbregs.h"
#include "rsp.h"
#include "target.h"

#include <stdbool.h>

struct stub {
	struct rsp rsp;
	struct target *target;
	const char *program;        /* path of the executable, for qXfer:exec-file */
	const volatile bool *ended; /* the program has ended, and status says how */
	const int *status;          /* of wait(2) */
	bool avx;
	bool running;
	bool gone;                  /* the session is over */
	struct target_stop stop;    /* the last one */
	uint32_t thread;            /* tid chosen by Hg */
	char in[RSP_SIZE];
};

/*
 * Serves the debugger on fd until it detaches, goes away, or the program ends. held: the program is already stopped,
 * before its first instruction. The program runs when it returns, unless it has ended.
 */
void stub_serve(struct stub *stub, int fd, bool held);

/* For the stub's own files: answers of one packet. */
void stub_answer(struct stub *stub, const char *text);
/* OK, or the error's number. */
void stub_answer_err(struct stub *stub, int err);

/* stub_state.c: the thread that commands are about; its registers; the commands g p G P m M X. */
uint32_t stub_thread(const struct stub *stub);
int stub_regs_read(struct stub *stub, struct gdbregs *r);
void stub_regs_answer(struct stub *stub, int which);
void stub_regs_take(struct stub *stub, int which, const char *hex);
void stub_memory_answer(struct stub *stub);
void stub_memory_take(struct stub *stub, size_t len);

#endif
