/* SPDX-License-Identifier: MIT */
/*
 * inject_priv.h - kinds of faults that have a file of their own.
 */
#ifndef INJECT_PRIV_H
#define INJECT_PRIV_H

/* 0, but the compiler does not know. */
extern void *volatile inject_null;

/* Garbage over all that Linux reads of this isle. */
void inject_scribble(void);

#endif
