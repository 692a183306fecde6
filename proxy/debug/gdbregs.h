/* SPDX-License-Identifier: MIT */
/*
 * gdbregs.h - registers in gdb's order, and the description that tells gdb so.
 *
 * The order is that of the features in the description: core, sse, linux, segments, avx (GDB manual, appendix G.5.6,
 * "i386 Features").
 */
#ifndef DEBUG_GDBREGS_H
#define DEBUG_GDBREGS_H

#include <isle/debug.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDBREGS_SIZE  1024u  /* room for the `g' packet's bytes */

/* A thread's registers: general ones, and its FXSAVE or XSAVE area of fpu_size bytes. */
struct gdbregs {
	struct isle_debug_regs regs;
	uint8_t fpu[ISLE_DEBUG_DATA];
	uint32_t fpu_size;
};

/* The description; avx: with the upper halves of YMM. Static text. */
const char *gdbregs_description(bool avx);
/* True if the area holds AVX state. */
bool gdbregs_avx(const struct gdbregs *r);
/* All registers as the `g' packet has them: bytes written. */
size_t gdbregs_pack(const struct gdbregs *r, bool avx, uint8_t *out);
/* The reverse; fewer bytes change fewer registers. */
void gdbregs_unpack(struct gdbregs *r, bool avx, const uint8_t *in, size_t size);
/* Where register n lies in it: false if there is none with that number. */
bool gdbregs_place(unsigned int n, bool avx, size_t *at, size_t *size);

#endif
