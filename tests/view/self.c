// SPDX-License-Identifier: MIT
/*
 * self.c - the program in /proc: itself, its threads, their names, its descriptors, and reports that lie.
 */
#include "../lib/check.h"
#include "told.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Catches: the proxy's memory, threads, name and arguments, shown as the program's. */
TEST(self_is_the_program)
{
	const char *text = contents("/proc/self/status");
	char want[128];

	EXPECT(strncmp(text, "Name:\tfirst\n", 12) == 0);
	EXPECT(strstr(text, "\nState:\tR (running)\n") != NULL);
	EXPECT(strstr(text, "\nVmSize:\t    3072 kB\n") != NULL);
	EXPECT(strstr(text, "\nVmRSS:\t    1024 kB\n") != NULL);
	EXPECT(strstr(text, "\nSigCgt:\t0000000000000005\n") != NULL);
	EXPECT(strstr(text, "\nCpus_allowed_list:\t1-3\n") != NULL);
	snprintf(want, sizeof(want), "%d (first) R %d ", getpid(), getppid());
	EXPECT(strncmp(contents("/proc/self/stat"), want, strlen(want)) == 0);
	EXPECT_STR(contents("/proc/self/comm"), "first\n");
	EXPECT_STR(contents("/proc/self/statm"), "768 256 0 1 0 3 0\n");
	EXPECT_STR(contents("/proc/self/maps"),
		   "00400000-00401000 r-xp 00000000 00:00 0 \n"
		   "00600000-00800000 rw-p 00000000 00:00 0                                  [heap]\n"
		   "4fffffe00000-4fffffe01000 rw-p 00000000 00:00 0                          [stack]\n");
	EXPECT_EQ(memcmp(contents("/proc/self/cmdline"), arguments, sizeof(arguments)), 0);
	/* A title that grew over the end: up to its NUL. */
	memset(arguments, 'x', sizeof(arguments) - 1);
	EXPECT_STR(contents("/proc/self/cmdline"), "xxxxxxxxxxxxxxx");
	memcpy(arguments, "prog\0two words\0", sizeof(arguments));
}

/* Catches: the proxy's threads in the list, one that has ended, a thread's file that is the process's. */
TEST(tasks_are_the_isles_threads)
{
	char path[128], task[64];
	struct stat st = { .st_nlink = 0 };
	int fd;

	EXPECT_EQ(call(SYS_stat, ptr("/proc/self/task"), ptr(&st), 0, 0, 0), 0);
	EXPECT_EQ(st.st_nlink, 4);
	snprintf(task, sizeof(task), "/proc/self/task/%u", OTHER);
	EXPECT_EQ(call(SYS_access, ptr(task), 0, 0, 0, 0), 0);
	snprintf(path, sizeof(path), "%s/status", task);
	EXPECT(strncmp(contents(path), "Name:\tot\\nher\n", 14) == 0);
	EXPECT(strstr(contents(path), "\nState:\tS (sleeping)\n") != NULL);
	EXPECT(strstr(contents(path), "\nCpus_allowed_list:\t3\n") != NULL);
	snprintf(path, sizeof(path), "/proc/%u/comm", OTHER);
	EXPECT_STR(contents(path), "ot\nher\n");
	caller = OTHER;
	EXPECT_STR(contents("/proc/thread-self/comm"), "ot\nher\n");
	EXPECT_STR(contents("/proc/self/comm"), "first\n");
	caller = 0;
	EXPECT_STR(contents("/proc/thread-self/comm"), "first\n");
	/* What threads have in common. */
	snprintf(path, sizeof(path), "%s/maps", task);
	EXPECT(strstr(contents(path), "[heap]") != NULL);
	snprintf(path, sizeof(path), "%s/limits", task);
	EXPECT(strstr(contents(path), "Max open files") != NULL);
	snprintf(path, sizeof(path), "/proc/self/task/%u/comm", OTHER + 1);
	EXPECT_ERR((int)call(SYS_open, ptr(path), O_RDONLY, 0, 0, 0), -ENOENT);
	fd = (int)call(SYS_open, ptr("/proc/self/task"), O_RDONLY, 0, 0, 0);
	snprintf(path, sizeof(path), "%u/comm", OTHER);
	EXPECT_EQ(call(SYS_faccessat, (uint64_t)fd, ptr(path), 0, 0, 0), 0);
	/* It has ended. */
	told.thread[1].tid = OTHER + 5;
	EXPECT_ERR((int)call(SYS_access, ptr(task), 0, 0, 0, 0), -ENOENT);
	close(fd);
}

/* Catches: a name that is written and lost; a write to another file taken for a name. */
TEST(names_can_be_written)
{
	char path[64], text[32] = "";
	int fd, other;

	snprintf(path, sizeof(path), "/proc/self/task/%u/comm", OTHER);
	fd = (int)call(SYS_openat, AT_FDCWD, ptr(path), O_RDWR, 0, 0);
	EXPECT_GE(fd, 0);
	EXPECT_EQ(call(SYS_write, (uint64_t)fd, ptr("new"), 3, 0, 0), 3);
	EXPECT(scratch.is_named);
	EXPECT_EQ(scratch.named, OTHER);
	EXPECT_STR(scratch.name, "new");
	EXPECT_EQ(call(SYS_pwrite64, (uint64_t)fd, ptr("a-name-that-is-too-long"), 23, 0, 0), 23);
	EXPECT_STR(scratch.name, "a-name-that-is-");
	EXPECT_EQ(pread(fd, text, 6, 0), 6);
	/* The number is another file's told. */
	other = memfd_create("x", 0);
	dup2(other, fd);
	EXPECT_EQ(call(SYS_write, (uint64_t)fd, ptr("new"), 3, 0, 0), 3);
	EXPECT(!scratch.is_named);
	close(fd);
	fd = (int)call(SYS_open, ptr("/proc/self/comm"), O_WRONLY | O_TRUNC, 0, 0, 0);
	EXPECT_EQ(call(SYS_write, (uint64_t)fd, ptr("me"), 2, 0, 0), 2);
	EXPECT(scratch.is_named && scratch.named == 0);
	close(fd);
	close(other);
}

static bool hidden(int fd)
{
	return fd >= 900;
}

/* Catches: descriptors of the proxy in the program's list, a list that ends early because of them. */
TEST(descriptors_of_ours_are_not_listed)
{
	struct view_machine *m = machine_of(&shapes[1]);
	int dir, i, shown = 0, seen_last = 0;
	char buf[80];
	int64_t n;

	m->hidden = hidden;
	ASSERT_ERR(view_create(&view, m, base_dir()), 0);
	for (i = 900; i < 940; i++)
		dup2(0, i);
	dir = (int)call(SYS_open, ptr("/proc/self/fd"), O_RDONLY | O_DIRECTORY, 0, 0, 0);
	dup2(dir, 899);
	while ((n = call(SYS_getdents64, 899, ptr(buf), sizeof(buf), 0, 0)) > 0) {
		int64_t at;

		for (at = 0; at < n; at += *(unsigned short *)(void *)(buf + at + 16)) {
			shown += atoi(buf + at + 19) >= 900;
			seen_last += atoi(buf + at + 19) == 899;
		}
	}
	EXPECT_EQ(n, 0);
	EXPECT_EQ(shown, 0);
	EXPECT_EQ(seen_last, 1);
	/* Linux's own answers stay: too little room, no directory, a bad buffer. */
	lseek(899, 0, SEEK_SET);
	EXPECT_ERR((int)call(SYS_getdents64, 899, ptr(buf), 3, 0, 0), -EINVAL);
	EXPECT_ERR((int)call(SYS_getdents64, 899, 8, sizeof(buf), 0, 0), -EFAULT);
	EXPECT_ERR((int)call(SYS_getdents64, 950, ptr(buf), sizeof(buf), 0, 0), -EBADF);
	for (i = 899; i < 940; i++)
		close(i);
	close(dir);
}

/* Catches: a report that lies about its size, and a proxy that dies of it. */
TEST(bad_reports_are_refused)
{
	uint64_t arg[6] = { ptr("/proc/self/stat"), O_RDONLY };

	if (!view)
		view = view_of(&shapes[1]);
	told_reset();
	EXPECT_ERR(view_report(&scratch, &told, 8), -EINVAL);
	EXPECT_ERR(view_report(&scratch, &told, sizeof(told) - 1), -EINVAL);
	EXPECT_ERR(view_report(&scratch, (void *)8, sizeof(told)), -EFAULT);
	told.head.nr_threads = ~0u;
	EXPECT_ERR(view_report(&scratch, &told, sizeof(told)), -EINVAL);
	told.head.nr_threads = 0;
	told.head.nr_regions = ~0u;
	EXPECT_ERR(view_report(&scratch, &told, sizeof(told)), -EINVAL);
	EXPECT(!view_call(view, SYS_open, arg, &scratch));
	EXPECT_EQ(scratch.wants, ISLE_DONE_F_REPORT);
	/* No thread, and nonsense in every field. */
	memset(&told, 0xff, sizeof(told));
	told.head.nr_cpus = 3;
	told.head.nr_threads = 2;
	told.head.nr_regions = 3;
	told.head.size = sizeof(told);
	EXPECT_EQ(view_report(&scratch, &told, sizeof(told)), 0);
	EXPECT(view_call(view, SYS_open, arg, &scratch));
	told_reset();
}

static void after(void)
{
	view_destroy(view);
	view = NULL;
	memset(&told, 0, sizeof(told));
}

int main(void)
{
	return machines_main(after);
}
