/* SPDX-License-Identifier: MIT */
/*
 * uaccess.h - the kernel's access to program memory. May block (pages are filled on the way). No
 * spin lock may be held.
 */
#ifndef KERN_UACCESS_H
#define KERN_UACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <isle/types.h>
#include <isle/window.h>

/* True if [addr, addr + size) lies in the program's addresses. */
static inline bool user_range(isle_uva_t addr, uint64_t size)
{
	return addr < ISLE_USER_TOP && size <= ISLE_USER_TOP - addr;
}

/* 0 or -EFAULT. What was copied before the fault stays. */
int copy_from_user(void *to, isle_uva_t from, size_t size);
int copy_to_user(isle_uva_t to, const void *from, size_t size);
/* From one place of the program to another. */
int copy_in_user(isle_uva_t to, isle_uva_t from, size_t size);
int clear_user(isle_uva_t to, size_t size);
/* Copies a string of at most size - 1 bytes and a NUL; its length, -EFAULT, or -ENAMETOOLONG. */
int string_from_user(char *to, isle_uva_t from, size_t size);

/* The same of a word, which is quicker and not counted. */
int word_from_user(void *to, isle_uva_t from, bool wide);
int word_to_user(isle_uva_t to, const void *from, bool wide);

#define IS_WORD(value)         (sizeof(*(value)) == 4 || sizeof(*(value)) == 8)
#define get_user(value, from)  (IS_WORD(value) ? word_from_user((value), (from), sizeof(*(value)) == 8) : \
				copy_from_user((value), (from), sizeof(*(value))))
#define put_user(value, to)    (IS_WORD(value) ? word_to_user((to), (value), sizeof(*(value)) == 8) : \
				copy_to_user((to), (value), sizeof(*(value))))

/* Reads a word if its page is there: never blocks, allowed under spin locks. */
bool user_peek32(isle_uva_t addr, uint32_t *value);
/* The same for a compare-and-exchange: false if the page is not there, or not to be written. */
bool user_poke32(isle_uva_t addr, uint32_t expected, uint32_t desired, uint32_t *found);
/* Atomic operations on a word of the program, for futexes: 0, -EFAULT. */
int user_cmpxchg32(isle_uva_t addr, uint32_t expected, uint32_t desired, uint32_t *found);

#endif
