/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * debug.h - how the proxy stops, looks at and changes the program: for a debugger, and for core files.
 *
 * One block in the window. The proxy writes a request, then its number (release), and rings row 0; the isle kernel
 * answers in result and data, then sets done to that number (release). One request at a time.
 *
 * The program's threads are stopped all together: when one reports a signal, or when asked for. A thread that is
 * blocked in a call stays there; it cannot go back to the program while it is stopped. Requests that look at or
 * change something are refused with EBUSY while the program runs.
 */
#ifndef ISLE_DEBUG_H
#define ISLE_DEBUG_H

#include <isle/types.h>

/* What the proxy wants before any request; written before the isle starts, constant afterwards. */
#define ISLE_DEBUG_F_HOLD  (1u << 0)  /* stop before the program's first instruction */
#define ISLE_DEBUG_F_CORE  (1u << 1)  /* stop when the program is about to die of a signal that dumps core */

/* Requests. */
enum {
	ISLE_DEBUG_ATTACH = 1,  /* from now on signals are reported before they are delivered */
	ISLE_DEBUG_DETACH,      /* no longer; the program goes on */
	ISLE_DEBUG_STOP,        /* stop all threads; done when they are */
	ISLE_DEBUG_CONTINUE,    /* all threads go on; tid gets signal arg (0: none) and steps if flags say so */
	ISLE_DEBUG_THREADS,     /* data: struct isle_debug_thread []; result: bytes */
	ISLE_DEBUG_REGS,        /* data: struct isle_debug_regs of tid */
	ISLE_DEBUG_REGS_SET,
	ISLE_DEBUG_FPU,         /* data: XSAVE or FXSAVE area of tid, standard format; result: bytes */
	ISLE_DEBUG_FPU_SET,     /* len bytes */
	ISLE_DEBUG_READ,        /* data: len bytes of memory at addr; result: bytes read, -EFAULT if none */
	ISLE_DEBUG_WRITE,       /* len bytes to addr, whatever its protection; all or -EFAULT */
	ISLE_DEBUG_REGIONS,     /* data: struct isle_debug_region [], from addr on, as many as fit; result: bytes */
	ISLE_DEBUG_AUXV,        /* data: the auxiliary vector; result: bytes */
	ISLE_DEBUG_END
};

/* Flags of ISLE_DEBUG_CONTINUE. */
#define ISLE_DEBUG_F_STEP  (1u << 0)  /* tid runs one instruction, then reports SIGTRAP */
#define ISLE_DEBUG_F_ONLY  (1u << 1)  /* the other threads stay stopped */

/* Flag of ISLE_DEBUG_READ. */
#define ISLE_DEBUG_F_PRESENT  (1u << 0)  /* -ENODATA instead of filling a page that was never touched */

/* Linux's struct user_regs_struct (sys/user.h), so that core files and debuggers need no conversion. */
struct isle_debug_regs {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax;
	uint64_t rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};
ISLE_ASSERT_SIZE(struct isle_debug_regs, 216);

struct isle_debug_thread {
	uint32_t tid;
	uint32_t row;        /* core it runs on */
	uint64_t sigpending, sigblocked;
	uint8_t  name[16];
};
ISLE_ASSERT_SIZE(struct isle_debug_thread, 40);

struct isle_debug_region {
	isle_uva_t start, end;
	uint32_t   prot;     /* 1 read, 2 write, 4 execute */
	uint32_t   file;     /* 1: pages of a file */
};
ISLE_ASSERT_SIZE(struct isle_debug_region, 24);

#define ISLE_DEBUG_DATA  4096u

struct isle_debug {
	/* Written by the proxy. */
	uint32_t request __attribute__((aligned(64)));
	uint32_t op;
	uint32_t tid;
	uint32_t arg;
	uint64_t addr;
	uint32_t len;
	uint32_t flags;      /* of the request */
	uint32_t wanted;     /* ISLE_DEBUG_F_HOLD, _CORE */
	uint8_t  reserved0[28];

	/* Written by the isle. */
	uint32_t done __attribute__((aligned(64)));
	int32_t  result;     /* 0 or bytes, or -errno */
	uint32_t stops;      /* counts stops; the fields below are the last one's, and it is complete */
	uint32_t stopped;    /* 1 while the program is stopped */
	uint32_t stop_tid;
	uint32_t stop_signo; /* 0: it was asked to stop */
	uint32_t stop_fatal; /* 1: the program dies of it when it goes on (ISLE_DEBUG_F_CORE) */
	uint32_t reserved1;
	uint8_t  stop_info[128]; /* Linux's siginfo_t */
	uint8_t  reserved2[32];

	uint8_t  data[ISLE_DEBUG_DATA] __attribute__((aligned(64)));
};
ISLE_ASSERT_SIZE(struct isle_debug, 256 + 4096);

#endif
