/* SPDX-License-Identifier: MIT */
/*
 * inject_priv.h - kinds of faults that have a file of their own.
 */
#ifndef INJECT_PRIV_H
#define INJECT_PRIV_H

#include <stdint.h>

/* 0, but the compiler does not know. */
extern void *volatile inject_null;

/* Garbage over all that Linux reads of this isle. */
void inject_scribble(void);

/* Garbage to all that a machine's monitor looks at, while it serves the isle (hostile.c). */
void inject_hostile(void);

/* The next number of the seed; a word becomes noise, or nearly what it was. */
uint64_t noise(void);
void noise_spoil(uint64_t *word);

#endif
