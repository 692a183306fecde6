/* SPDX-License-Identifier: MIT */
/*
 * qemu_child.h - QEMU as a process that nobody sees and nobody is left with.
 *
 * Its parent is a guard, a copy of the proxy that does nothing but wait: because whatever waits for children in the
 * program's name is forwarded to the proxy, QEMU must not be the proxy's child, and the guard is one that ordinary
 * waits do not see (clone without a signal; a program started by exec would become visible again). Both are in
 * a session of their own, so that no key of a terminal reaches them.
 *
 * Whoever dies first, the others follow: the guard kills QEMU when the proxy's end of the control socket closes;
 * QEMU and guard are killed by Linux when their parent dies.
 */
#ifndef PROXY_PLAT_QEMU_CHILD_H
#define PROXY_PLAT_QEMU_CHILD_H

#include "why.h"

#include <isle/ioctl.h>

#include <stdbool.h>
#include <sys/types.h>

struct qemu_child {
	pid_t guard;      /* 0: none */
	int control;      /* this side of the control socket: a status (int, as of waitpid) comes when QEMU has ended */
	int words;        /* what QEMU and the isle's first words print */
	int far_control, far_words; /* the other sides, closed by start */
};

/* Makes sockets and pipe; they can be moved before start. 0 or -errno with a sentence. */
int qemu_child_prepare(struct qemu_child *child, struct why *why);

/*
 * Starts guard and QEMU. argv[0] is the path; mem and bell become QEMU_FD_MEM and QEMU_FD_BELL. cpus: where they may
 * run. Call it on the thread that lives as long as the process. 0 or -errno with a sentence.
 */
int qemu_child_start(struct qemu_child *child, char *const argv[], int mem, int bell, const struct isle_cpuset *cpus,
		     struct why *why);

/* Asks the guard to kill QEMU. Any thread, any number of times. */
void qemu_child_kill(struct qemu_child *child);

/* The status that the guard sent, once control can be read. False: the guard has gone without one. */
bool qemu_child_status(struct qemu_child *child, int *status);

/* Ends whatever is left and closes all. Safe twice, and without prepare on { .control = -1, .words = -1, ... }. */
void qemu_child_close(struct qemu_child *child);

#define QEMU_CHILD_NONE  { 0, -1, -1, -1, -1 }

#endif
