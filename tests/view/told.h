/* SPDX-License-Identifier: MIT */
/*
 * told.h - calls through a view, and the isle behind them.
 */
#ifndef TOLD_H
#define TOLD_H

#include "machines.h"

/* The view of the running test, made by the first call if the test has not; what calls need. */
extern struct view *view;
extern struct view_scratch scratch;

/* What the isle tells; one thread more than the program's first. */
#define OTHER  (1u << 22 | 1u)
extern struct told {
	struct isle_report head;
	struct isle_report_cpu cpu[3];
	struct isle_report_thread thread[2];
	struct isle_report_region region[3];
} told;
extern char arguments[16];  /* the program's */
extern int asked;           /* reports since the last reset */
extern uint32_t caller;     /* thread that calls; 0: the first one */

void told_reset(void);
uint64_t ptr(const void *p);
/* Makes a call as the proxy does; its result or -errno. */
int64_t call(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4);
/* What a program reads from a path; static storage. */
const char *contents(const char *path);

#endif
