/* SPDX-License-Identifier: MIT */
/*
 * exit-while-creating - the program ends while a thread is being made, whose id is just written to a page that has to
 * be read from a file. Catches a thread that is ended before it has begun.
 * cases: =7
 */
#include "conform.h"

#define STEP    (16 * PAGE)   /* further than a kernel reads ahead */
#define ROUNDS  256ul
#define STACKS  64ul
#define STACK   (16 * 1024ul)

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

static void *leave(void *arg)
{
	sleep_ms(30);
	syscall(SYS_exit_group, 7);
	return arg;
}

int main(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		    CLONE_PARENT_SETTID;
	int fd = must(memfd_create("ids", 0));
	static char stacks[STACKS * STACK] __attribute__((aligned(16)));
	unsigned long i;
	char *ids;

	must(ftruncate(fd, (off_t)(ROUNDS * STEP)));
	ids = must(mmap(NULL, ROUNDS * STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	check(1, "begins");
	thread(leave, NULL);
	for (i = 0;; i++) {
		if (i % ROUNDS == 0)
			must(madvise(ids, ROUNDS * STEP, MADV_DONTNEED));
		must(clone(nothing, stacks + (i % STACKS + 1) * STACK, flags, NULL, ids + i % ROUNDS * STEP));
	}
}
