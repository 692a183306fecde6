/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_RESERVE_H
#define ISLE_RESERVE_H

#include <linux/types.h>

struct isle_call;
struct isle_mem;

/*
 * The caller's memory requests, checked; kfree() them. back: they will be written back, so try
 * that now. ERR_PTR with a sentence: -E2BIG, -EFAULT, -EINVAL, -ENOMEM.
 */
struct isle_mem *isle_reserve_get_mem(struct isle_call *call, u64 from, u32 nr, bool back);

/* Gives everything back to Linux when the module goes. No isle exists. Takes isle_reserve_lock. */
void isle_reserve_drop(void);

#endif
