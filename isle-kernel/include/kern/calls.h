/* SPDX-License-Identifier: MIT */
/*
 * calls.h - the handlers of the table (abi/isle/syscalls.def), declared, for the files that define
 * them.
 */
#ifndef KERN_CALLS_H
#define KERN_CALLS_H

#include <stdint.h>

/* A leaf gets the registers of the call (psABI: the fourth is R10). */
#define LEAF(nr, name, format)         int64_t sys_##name(uint64_t a0, uint64_t a1, uint64_t a2);
#define LOCAL(nr, name, format)        int64_t sys_##name(const uint64_t arg[6]);
#define BOTH(nr, name, format)         int64_t sys_##name(const uint64_t arg[6]);
#define FORWARD(nr, name, format, ...)
#define NOSYS(nr, name, format)
#include <isle/syscalls.def>
#undef LEAF
#undef LOCAL
#undef BOTH
#undef FORWARD
#undef NOSYS

#endif
