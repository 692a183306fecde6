// SPDX-License-Identifier: MIT
/*
 * told.c - makes calls as the proxy does, with an isle that tells what a test wants.
 */
#include "told.h"

#include "../lib/check.h"

#include <fcntl.h>
#include <sys/syscall.h>

struct view *view;
struct view_scratch scratch;
struct told told;
int asked;
uint32_t caller;
char arguments[16] = "prog\0two words\0";

uint64_t ptr(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

void told_reset(void)
{
	unsigned int i;

	memset(&told, 0, sizeof(told));
	told.head = (struct isle_report){
		.size = sizeof(told), .nr_cpus = 3, .nr_threads = 2, .nr_regions = 3, .mem_free = 4096 << 10,
		.mapped = 3 << 20, .resident = 1 << 20, .code_start = 0x400000, .code_end = 0x401000, .data = 8192,
		.stack = 4096, .run_ns = 1230000000, .arg_start = ptr(arguments),
		.arg_end = ptr(arguments) + sizeof(arguments) - 1, .sig_caught = 5,
	};
	for (i = 0; i < 3; i++)
		told.cpu[i] = (struct isle_report_cpu){ .up_ns = 1000000000, .idle_ns = i * 100000000, .cpu = 3 - i };
	told.thread[0] = (struct isle_report_thread){
		.tid = (uint32_t)getpid(), .cpu = 1, .runs = 1, .run_ns = 230000000, .name = "first", .affinity = { 7 },
	};
	told.thread[1] = (struct isle_report_thread){ .tid = OTHER, .cpu = 2, .name = "ot\nher", .affinity = { 1 } };
	told.region[0] = (struct isle_report_region){ .start = 0x400000, .end = 0x401000, .file = -1, .prot = 5 };
	told.region[1] = (struct isle_report_region){
		.start = 0x600000, .end = 0x800000, .file = -1, .prot = 3, .flags = ISLE_REGION_HEAP,
	};
	told.region[2] = (struct isle_report_region){
		.start = 0x4fffffe00000, .end = 0x4fffffe01000, .file = -1, .prot = 3, .flags = ISLE_REGION_STACK,
	};
	asked = 0;
	caller = 0;
}

/* Tells it, as asked. */
static int tell(uint32_t wants)
{
	asked++;
	told.head.nr_regions = wants & ISLE_DONE_F_REGIONS ? 3 : 0;
	told.head.size = (uint32_t)(sizeof(told) - (3 - told.head.nr_regions) * sizeof(told.region[0]));
	return view_report(&scratch, &told, told.head.size);
}

/* Makes a call as the proxy does; its result or -errno. */
int64_t call(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4)
{
	uint64_t arg[6] = { a0, a1, a2, a3, a4, 0 };
	long result;

	if (!view)
		view = view_of(&shapes[1]);
	if (!told.head.size)
		told_reset();
	scratch.tid = caller;
	view_call(view, nr, arg, &scratch);
	if (scratch.wants) {
		EXPECT_EQ(tell(scratch.wants), 0);
		view_call(view, nr, arg, &scratch);
		EXPECT_EQ(scratch.wants, 0);
	}
	result = syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	return view_answer(view, nr, result == -1 ? -errno : result, &scratch);
}

/* What a program reads from a path. */
const char *contents(const char *path)
{
	static char text[65536];
	int fd = (int)call(SYS_open, ptr(path), O_RDONLY, 0, 0, 0);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = 0;
	return text;
}
