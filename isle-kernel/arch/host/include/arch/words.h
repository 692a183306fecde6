/* SPDX-License-Identifier: MIT */
/*
 * words.h - as x86_64's: the instruction needs no privilege.
 */
#ifndef ARCH_WORDS_H
#define ARCH_WORDS_H

#include <stddef.h>
#include <stdint.h>

static inline void *words_set(void *at, uint64_t pattern, size_t nr)
{
	__asm__ volatile("rep stosq" : "+D"(at), "+c"(nr) : "a"(pattern) : "memory");
	return at;
}

static inline void words_copy(void *to, const void *from, size_t nr)
{
	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(nr) : : "memory");
}

#endif
