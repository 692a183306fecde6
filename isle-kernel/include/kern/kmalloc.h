/* SPDX-License-Identifier: MIT */
/*
 * kmalloc.h - small objects of the kernel.
 */
#ifndef KERN_KMALLOC_H
#define KERN_KMALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Largest object: what fits in a granule with its header. */
#define KMALLOC_MAX  (511u * 4096u - 64u)

/* Memory of size bytes from this core's node, aligned to 16; NULL if there is none. */
void *kmalloc(size_t size) __attribute__((malloc));
/* The same, zeroed. */
void *kzalloc(size_t size) __attribute__((malloc));
/* Gives it back; NULL is allowed. Freeing twice is a panic. */
void kfree(void *ptr);

/* Bytes that objects occupy now, rounded up to their class. */
size_t kmalloc_used(void);

/*
 * Begins with no objects. poison: fill freed ones with a pattern, and check on reuse that nobody
 * wrote to them.
 */
void kmalloc_init(bool poison);

#endif
