/* SPDX-License-Identifier: MIT */
/*
 * words.h - many words by one repeated instruction: processors do it in wide steps, emulators in one.
 */
#ifndef ARCH_WORDS_H
#define ARCH_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* Fills nr words from `at` on; returns the address behind them. */
static inline void *words_set(void *at, uint64_t pattern, size_t nr)
{
	__asm__ volatile("rep stosq" : "+D"(at), "+c"(nr) : "a"(pattern) : "memory");
	return at;
}

/* Copies nr words upward. The places may overlap if `to` is the lower one. */
static inline void words_copy(void *to, const void *from, size_t nr)
{
	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(nr) : : "memory");
}

#endif
