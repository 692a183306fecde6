/* SPDX-License-Identifier: MIT */
/*
 * user.h - bare accesses to program memory; kern/uaccess.h is what others use.
 */
#ifndef ARCH_USER_H
#define ARCH_USER_H

#include <stdbool.h>
#include <stdint.h>

/* CR4.SMAP is set: accesses must be opened. */
extern bool user_smap;

/* Bytes not copied, not cleared; 1 if it faulted. */
uint64_t user_copy(void *to, const void *from, uint64_t size);
uint64_t user_clear(void *to, uint64_t size);
int user_read32(const void *addr, void *value);
int user_read64(const void *addr, void *value);
int user_write32(void *addr, const void *value);
int user_write64(void *addr, const void *value);
int user_cmpxchg(uint32_t *addr, uint32_t expected, uint32_t desired, uint32_t *found);

#endif
