// SPDX-License-Identifier: MIT
/*
 * string.c - the C library's memory and string functions.
 *
 * Loops over words; from some size on one repeated instruction, which processors do in wide steps and emulators
 * in one. Compiled with -fno-tree-loop-distribute-patterns, else the compiler would turn memset's loop into a
 * call of memset.
 */
#include <kern/string.h>

#include <stdint.h>

#include <arch/words.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word_t;

/* Below, the repeated instruction's own start takes longer than the loop. */
#define REPEAT_LEAST  128u
#define ONES          0x0101010101010101ull
#define HIGHS         0x8080808080808080ull

void *memset(void *to, int byte, size_t size)
{
	word_t pattern = ONES * (uint8_t)byte;
	uint8_t *at = to;

	if (size >= REPEAT_LEAST) {
		at = words_set(at, pattern, size / 8);
		size %= 8;
	}
	for (; size >= 8; size -= 8, at += 8)
		*(word_t *)at = pattern;
	while (size--)
		*at++ = (uint8_t)byte;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	uint8_t *at = to;
	const uint8_t *src = from;

	if (size >= REPEAT_LEAST) {
		words_copy(at, src, size / 8);
		at += size & ~(size_t)7;
		src += size & ~(size_t)7;
		size %= 8;
	}
	for (; size >= 8; size -= 8, at += 8, src += 8)
		*(word_t *)at = *(const word_t *)src;
	while (size--)
		*at++ = *src++;
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	uint8_t *at = to;
	const uint8_t *src = from;

	if ((uintptr_t)at - (uintptr_t)src >= size)
		return memcpy(to, from, size);
	for (; size >= 8; size -= 8)
		*(word_t *)(at + size - 8) = *(const word_t *)(src + size - 8);
	while (size--)
		at[size] = src[size];
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *x = a, *y = b;

	for (; size; size--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	const char *at = s;

	while (*at)
		at++;
	return (size_t)(at - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

/* Word by word: (x - 1) & ~x has its lowest high bit in the first byte that is zero. */
size_t zero_find(const char *s, size_t size)
{
	size_t n = 0;

	while (size - n >= 8) {
		word_t word = *(const word_t *)(s + n);
		uint64_t zeroes = (word - ONES) & ~word & HIGHS;

		if (zeroes)
			return n + (size_t)__builtin_ctzll(zeroes) / 8;
		n += 8;
	}
	while (n < size && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t max)
{
	for (; max && *a && *a == *b; a++, b++, max--)
		;
	return max ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)(uintptr_t)s;
}
