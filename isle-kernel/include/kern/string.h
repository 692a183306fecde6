/* SPDX-License-Identifier: MIT */
/*
 * string.h - the part of C's string.h that the kernel uses, with C's meaning, and one function more.
 */
#ifndef KERN_STRING_H
#define KERN_STRING_H

#include <stddef.h>

void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *s, int c);

/* Index of the first zero byte, or size. All size bytes may be read, whatever comes first. */
size_t zero_find(const char *s, size_t size);

#endif
