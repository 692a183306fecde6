/* SPDX-License-Identifier: MIT */
/*
 * marks.h - how a program tells the counting plugin of QEMU what to count: instructions that do nothing elsewhere.
 *
 * A mark is a long NOP whose displacement has a magic number and a command in it. Marks belong to the CPU that executes
 * them, so a thread that uses them stays on one CPU.
 */
#ifndef BENCH_MPI_MARKS_H
#define BENCH_MPI_MARKS_H

#define MARK_MAGIC   0x49534c00u   /* the low byte is the command */

enum mark {
	MARK_KIND_0 = 1,   /* what follows counts as kind 0 */
	MARK_KIND_NEXT,    /* as the next kind */
	MARK_BEGIN,        /* instructions count from here */
	MARK_END,          /* to here */
	MARK_ITEM,         /* an item (a message) is complete: its sum goes to the file */
};

#ifndef MARKS_NAMES_ONLY
/* nopl magic(%rax) */
#define MARK(command) __asm__ volatile(".byte 0x0f, 0x1f, 0x80\n\t.long %c0" :: "i"(MARK_MAGIC + (command)) : "memory")

static inline void mark_kind(unsigned int kind)
{
	MARK(MARK_KIND_0);
	while (kind--)
		MARK(MARK_KIND_NEXT);
}
#endif

#endif
