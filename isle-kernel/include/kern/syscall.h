/* SPDX-License-Identifier: MIT */
/*
 * syscall.h - the system call table as the isle kernel needs it (abi/isle/syscalls.def).
 */
#ifndef KERN_SYSCALL_H
#define KERN_SYSCALL_H

#include <stdbool.h>
#include <stdint.h>

enum syscall_route { SYSCALL_NONE, SYSCALL_LEAF, SYSCALL_LOCAL, SYSCALL_BOTH, SYSCALL_FORWARD };

/* How an argument points to memory; letters of the table. */
enum buffer_kind {
	BUFFER_END, BUFFER_S, BUFFER_A, BUFFER_R, BUFFER_W, BUFFER_RC, BUFFER_WC, BUFFER_RX, BUFFER_WX,
	BUFFER_RV, BUFFER_WV, BUFFER_RM, BUFFER_WM, BUFFER_RMM, BUFFER_WMM, BUFFER_WL,
};

struct syscall_buffer {
	uint8_t kind;        /* enum buffer_kind */
	uint8_t arg;
	uint8_t count_arg;   /* where the kind has one */
	uint16_t size;       /* constant size, or size of an element */
};

#define SYSCALL_BUFFERS  4

typedef int64_t (*syscall_fn)(const uint64_t arg[6]);

struct syscall_row {
	const char *name;
	const char *format;
	enum syscall_route route;
	syscall_fn call;     /* LOCAL and BOTH */
	struct syscall_buffer buffer[SYSCALL_BUFFERS + 1];
};

#define SYSCALL_NR  451u

extern const struct syscall_row syscall_table[SYSCALL_NR];

/* What the entry calls at once, with no more than the registers saved; not for C where the route is not LEAF. */
typedef int64_t (*syscall_leaf_fn)(uint64_t a0, uint64_t a1, uint64_t a2);
extern const syscall_leaf_fn syscall_leaf[];

/*
 * Forwards a call as its row says: populates the buffers, has the proxy run it, a call that a
 * signal broke off gives -ERESTARTSYS. For BOTH handlers too. -EFAULT if a buffer is not the
 * program's.
 */
int64_t syscall_forward(uint32_t nr, const uint64_t arg[6]);

/* Writes a call that is over to the log. */
void syscall_trace(uint32_t tid, uint32_t nr, const uint64_t arg[6], int64_t result);

/* Makes a buffer of a call present as far as it is mapped, writable if it may be. 0 is left alone. */
void syscall_present(uint64_t at, uint64_t size);

/* Answers a call that nobody serves: -ENOSYS, counted, named in the log the first time. */
int64_t syscall_unknown(uint32_t nr);

/*
 * Results that never reach the program: how an interrupted call goes on (Linux's numbers,
 * include/linux/errno.h).
 */
#define ERESTARTSYS            512  /* again if the handler has SA_RESTART */
#define ERESTARTNOINTR         513  /* again */
#define ERESTARTNOHAND         514  /* again if there is no handler */

#endif
