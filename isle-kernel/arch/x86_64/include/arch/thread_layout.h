/* SPDX-License-Identifier: MIT */
/*
 * thread_layout.h - offsets in struct cpu and struct thread that entry code uses; checked in context.c.
 */
#ifndef ARCH_THREAD_LAYOUT_H
#define ARCH_THREAD_LAYOUT_H

#define CPU_CURRENT     8
#define CPU_KERNEL_SP   16
#define CPU_USER_SP     24

/* In struct thread. */
#define THREAD_WORK     16
/* All bits of it that are something to do. */
#define THREAD_WORK_ANY 0xef

#define SYSCALL_LEAVES  512
/* FUTEX_WAKE | FUTEX_PRIVATE_FLAG (linux/futex.h) */
#define FUTEX_WAKE_PRIVATE  0x81

/* trap_frame.vector of a system call: no vector of the processor's. */
#define VECTOR_SYSCALL  256

#endif
