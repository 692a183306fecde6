// SPDX-License-Identifier: MIT
/*
 * string.c - the C library's memory and string functions.
 *
 * Plain loops over words where alignment allows it; compiled with
 * -fno-tree-loop-distribute-patterns, else the compiler would turn memset's loop into a call of
 * memset.
 */
#include <kern/string.h>

#include <stdint.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word_t;

void *memset(void *to, int byte, size_t size)
{
	word_t pattern = 0x0101010101010101ull * (uint8_t)byte;
	uint8_t *at = to;

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
