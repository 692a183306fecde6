// SPDX-License-Identifier: MIT
/*
 * table.c - expands abi/isle/syscalls.def: rows, handlers, and the entry code's table of leaves.
 */
#include <kern/syscall.h>

#include <arch/thread_layout.h>
#include <kern/calls.h>
#include <stddef.h>

#define S(a)         { BUFFER_S, a, 0, 0 }
#define A(a, n)      { BUFFER_A, a, 0, n }
#define R(a, n)      { BUFFER_R, a, n, 1 }
#define W(a, n)      { BUFFER_W, a, n, 1 }
#define RC(a, c)     { BUFFER_RC, a, 0, c }
#define WC(a, c)     { BUFFER_WC, a, 0, c }
#define RX(a, n, c)  { BUFFER_RX, a, n, c }
#define WX(a, n, c)  { BUFFER_WX, a, n, c }
#define RV(a, n)     { BUFFER_RV, a, n, 0 }
#define WV(a, n)     { BUFFER_WV, a, n, 0 }
#define RM(a)        { BUFFER_RM, a, 0, 0 }
#define WM(a)        { BUFFER_WM, a, 0, 0 }
#define RMM(a, n)    { BUFFER_RMM, a, n, 0 }
#define WMM(a, n)    { BUFFER_WMM, a, n, 0 }
#define WL(a, p)     { BUFFER_WL, a, p, 0 }

#define LEAF(nr, name, format)         [nr] = { #name, format, SYSCALL_LEAF, NULL, { { 0 } } },
#define LOCAL(nr, name, format)        [nr] = { #name, format, SYSCALL_LOCAL, sys_##name, { { 0 } } },
#define BOTH(nr, name, format)         [nr] = { #name, format, SYSCALL_BOTH, sys_##name, { { 0 } } },
#define FORWARD(nr, name, format, ...) [nr] = { #name, format, SYSCALL_FORWARD, NULL, { __VA_ARGS__ } },
#define NOSYS(nr, name, format)        [nr] = { #name, format, SYSCALL_NONE, NULL, { { 0 } } },
const struct syscall_row syscall_table[SYSCALL_NR] = {
#include <isle/syscalls.def>
};
#undef LEAF
#undef LOCAL
#undef BOTH
#undef FORWARD
#undef NOSYS

#define SYS_FUTEX  202

/* In entry code. */
int64_t syscall_no_leaf(uint64_t a0, uint64_t a1, uint64_t a2);
int64_t syscall_futex(uint64_t a0, uint64_t a1, uint64_t a2);

#define LEAF(nr, name, format)         [nr] = sys_##name,
#define LOCAL(nr, name, format)
#define BOTH(nr, name, format)
#define FORWARD(nr, name, format, ...)
#define NOSYS(nr, name, format)
/* Read by syscall_entry. Every place is called, so those without a leaf lead to the full way. */
#pragma GCC diagnostic ignored "-Woverride-init"
const syscall_leaf_fn syscall_leaf[SYSCALL_LEAVES] = {
	[0 ... SYSCALL_LEAVES - 1] = syscall_no_leaf,
#include <isle/syscalls.def>
	[SYS_FUTEX] = syscall_futex,
};
