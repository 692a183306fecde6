// SPDX-License-Identifier: MIT
/*
 * stub.c - gdb's remote serial protocol (GDB manual, appendix E): all-stop mode, no multiprocess extensions.
 *
 * Breakpoints are gdb's own: it writes INT3 into the program's memory. What is not known is answered by an empty
 * packet, as the protocol wants.
 */
#include "stub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define LOOK_MS  5   /* how often a running program is looked at */

void stub_answer(struct stub *stub, const char *text)
{
	rsp_begin(&stub->rsp);
	rsp_text(&stub->rsp, "%s", text);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

void stub_answer_err(struct stub *stub, int err)
{
	char text[8];

	snprintf(text, sizeof(text), "E%02x", (unsigned int)(-err & 0xff));
	stub_answer(stub, err < 0 ? text : "OK");
}

static void answer_stop(struct stub *stub)
{
	rsp_begin(&stub->rsp);
	/* SIGINT is what gdb calls a stop that was asked for. */
	rsp_text(&stub->rsp, "T%02xthread:%x;", stub->stop.signo ? stub->stop.signo : 2u, stub->stop.tid);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

static void answer_end(struct stub *stub)
{
	int status = *stub->status;

	rsp_begin(&stub->rsp);
	if (WIFSIGNALED(status))
		rsp_text(&stub->rsp, "X%02x", (unsigned int)WTERMSIG(status));
	else
		rsp_text(&stub->rsp, "W%02x", (unsigned int)WEXITSTATUS(status));
	rsp_send(&stub->rsp);
	stub->gone = true;
}

/* Part of a document, as qXfer wants it: `m' and a part, `l' and the last. */
static void answer_part(struct stub *stub, const char *range, const void *bytes, size_t size)
{
	unsigned long at = 0, len = 0;

	sscanf(range, "%lx,%lx", &at, &len);
	if (len > RSP_SIZE / 2 - 16)
		len = RSP_SIZE / 2 - 16;
	at = at < size ? at : size;
	len = len < size - at ? len : size - at;
	rsp_begin(&stub->rsp);
	rsp_text(&stub->rsp, at + len < size ? "m" : "l");
	rsp_binary(&stub->rsp, (const char *)bytes + at, len);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

static void threads_answer(struct stub *stub)
{
	struct isle_debug_thread threads[TARGET_THREADS_MAX];
	int i, n = target_threads(stub->target, threads);

	if (n <= 0) {
		stub_answer(stub, "l");
		return;
	}
	rsp_begin(&stub->rsp);
	for (i = 0; i < n; i++)
		rsp_text(&stub->rsp, "%c%x", i ? ',' : 'm', threads[i].tid);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

static void thread_name_answer(struct stub *stub, const char *id)
{
	struct isle_debug_thread threads[TARGET_THREADS_MAX];
	uint32_t tid = (uint32_t)strtoul(id, NULL, 16);
	int i, n = target_threads(stub->target, threads);
	char text[64];

	for (i = 0; i < n && threads[i].tid != tid; i++)
		;
	if (n < 0 || i == n) {
		stub_answer(stub, "E03");
		return;
	}
	snprintf(text, sizeof(text), "%.16s on core %u", (const char *)threads[i].name, threads[i].row);
	rsp_begin(&stub->rsp);
	rsp_hex(&stub->rsp, text, strlen(text));
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

static void thread_alive_answer(struct stub *stub)
{
	struct isle_debug_regs regs;

	stub_answer_err(stub, target_regs(stub->target, (uint32_t)strtoul(stub->in + 1, NULL, 16), &regs));
}

static void transfer_answer(struct stub *stub, const char *what)
{
	static const char features[] = "features:read:target.xml:", auxv[] = "auxv:read::", exec[] = "exec-file:read:";
	uint8_t bytes[ISLE_DEBUG_DATA];
	struct gdbregs r;
	int n;

	if (!strncmp(what, features, sizeof(features) - 1)) {
		const char *text = stub_regs_read(stub, &r) ? "" : gdbregs_description(stub->avx);

		answer_part(stub, what + sizeof(features) - 1, text, strlen(text));
	} else if (!strncmp(what, auxv, sizeof(auxv) - 1)) {
		n = target_auxv(stub->target, bytes);
		answer_part(stub, what + sizeof(auxv) - 1, bytes, n < 0 ? 0 : (size_t)n);
	} else if (!strncmp(what, exec, sizeof(exec) - 1)) {
		const char *range = strchr(what + sizeof(exec) - 1, ':');

		answer_part(stub, range ? range + 1 : "0,0", stub->program, strlen(stub->program));
	} else {
		stub_answer(stub, "");
	}
}

static void query(struct stub *stub)
{
	const char *in = stub->in;
	char text[128];

	if (!strncmp(in, "qSupported", 10)) {
		snprintf(text, sizeof(text), "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;qXfer:auxv:read+;"
			 "qXfer:exec-file:read+;vContSupported+", RSP_SIZE / 2);
		stub_answer(stub, text);
	} else if (!strcmp(in, "qAttached")) {
		stub_answer(stub, "1");
	} else if (!strcmp(in, "qC")) {
		snprintf(text, sizeof(text), "QC%x", stub_thread(stub));
		stub_answer(stub, text);
	} else if (!strcmp(in, "qfThreadInfo")) {
		threads_answer(stub);
	} else if (!strcmp(in, "qsThreadInfo")) {
		stub_answer(stub, "l");
	} else if (!strncmp(in, "qThreadExtraInfo,", 17)) {
		thread_name_answer(stub, in + 17);
	} else if (!strncmp(in, "qXfer:", 6)) {
		transfer_answer(stub, in + 6);
	} else if (!strncmp(in, "qSymbol:", 8)) {
		stub_answer(stub, "OK");
	} else {
		stub_answer(stub, "");
	}
}

static void go(struct stub *stub, uint32_t tid, uint32_t signo, uint32_t flags)
{
	int err = target_continue(stub->target, tid, signo, flags);

	if (err && err != -ESHUTDOWN) {
		stub_answer_err(stub, err);
		return;
	}
	stub->running = true;
	stub->thread = 0;
}

/*
 * vCont;ACTION[:TID]...: all-stop, so what matters is whether a thread steps or takes a signal and whether the
 * others go on, which they do if an action has no thread.
 */
static void resume(struct stub *stub, const char *actions)
{
	uint32_t tid = 0, signo = 0, flags = ISLE_DEBUG_F_ONLY;
	const char *at;

	for (at = actions; at && *at == ';'; at = strchr(at + 1, ';')) {
		char action = at[1], *colon;
		uint32_t number = (uint32_t)strtoul(at + 2, &colon, 16);
		uint32_t id = *colon == ':' ? (uint32_t)strtoul(colon + 1, NULL, 16) : 0;

		if (!id && (action == 'c' || action == 'C'))
			flags &= ~ISLE_DEBUG_F_ONLY;
		if (tid || (action == 'c' && id == 0))
			continue;
		tid = id ? id : stub_thread(stub);
		signo = action == 'C' || action == 'S' ? number : 0;
		if (action == 's' || action == 'S')
			flags |= ISLE_DEBUG_F_STEP;
	}
	go(stub, tid, signo, tid ? flags : 0);
}

static void detach(struct stub *stub)
{
	stub_answer_err(stub, target_detach(stub->target));
	stub->running = true;
	stub->gone = true;
}

/* long: one short case a packet. */
static void command(struct stub *stub, size_t len)
{
	char *in = stub->in, *end;
	long which;

	switch (in[0]) {
	case '?':
		answer_stop(stub);
		break;
	case 'g':
		stub_regs_answer(stub, -1);
		break;
	case 'G':
		stub_regs_take(stub, -1, in + 1);
		break;
	case 'p':
		stub_regs_answer(stub, (int)strtol(in + 1, NULL, 16));
		break;
	case 'P':
		which = strtol(in + 1, &end, 16);
		stub_regs_take(stub, (int)which, *end == '=' ? end + 1 : "");
		break;
	case 'm':
		stub_memory_answer(stub);
		break;
	case 'M':
	case 'X':
		stub_memory_take(stub, len);
		break;
	case 'H':
		if (in[1] == 'g')
			stub->thread = in[2] == '-' ? 0 : (uint32_t)strtoul(in + 2, NULL, 16);
		stub_answer(stub, "OK");
		break;
	case 'T':
		thread_alive_answer(stub);
		break;
	case 'q':
		query(stub);
		break;
	case 'Q':
		stub_answer(stub, strcmp(in, "QStartNoAckMode") ? "" : "OK");
		stub->rsp.no_ack |= !strcmp(in, "QStartNoAckMode");
		break;
	case 'v':
		if (!strcmp(in, "vCont?"))
			stub_answer(stub, "vCont;c;C;s;S");
		else if (!strncmp(in, "vCont;", 6))
			resume(stub, in + 5);
		else
			stub_answer(stub, "");
		break;
	case 'c':
		go(stub, 0, 0, 0);
		break;
	case 's':
		go(stub, stub_thread(stub), 0, ISLE_DEBUG_F_STEP);
		break;
	case 'C':
		go(stub, stub_thread(stub), (uint32_t)strtoul(in + 1, NULL, 16), 0);
		break;
	case 'D':
		detach(stub);
		break;
	case 'k':
		/* The program dies of it; what is left of the session is its end. */
		target_continue(stub->target, stub->stop.tid, 9, 0);
		stub->running = true;
		stub->gone = true;
		break;
	default:
		stub_answer(stub, "");
	}
}

/* While it runs: a stop, an end, or the user's Ctrl-C. */
static void watch(struct stub *stub)
{
	int n = rsp_read(&stub->rsp, stub->in, LOOK_MS);

	if (__atomic_load_n(stub->ended, __ATOMIC_ACQUIRE)) {
		answer_end(stub);
	} else if (target_stopped(stub->target, &stub->stop)) {
		stub->running = false;
		answer_stop(stub);
	} else if (n == RSP_INTERRUPT) {
		target_stop(stub->target);
	} else if (n == -1) {
		stub->gone = true;
	}
}

void stub_serve(struct stub *stub, int fd, bool held)
{
	rsp_init(&stub->rsp, fd);
	stub->gone = false;
	stub->thread = 0;
	if (target_attach(stub->target) || (!held && target_stop(stub->target)) ||
	    !target_stopped(stub->target, &stub->stop)) {
		target_detach(stub->target);
		return;
	}
	stub->running = false;
	while (!stub->gone) {
		int n;

		if (stub->running) {
			watch(stub);
			continue;
		}
		n = rsp_read(&stub->rsp, stub->in, 1000);
		if (n >= 0)
			command(stub, (size_t)n);
		else if (n == -1 || __atomic_load_n(stub->ended, __ATOMIC_ACQUIRE))
			break;
	}
	/* Also if the connection broke while the program ran: its next signal would wait for nobody. */
	target_detach(stub->target);
}
