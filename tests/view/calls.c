// SPDX-License-Identifier: MIT
/*
 * calls.c - calls as a program makes them: what they find, and that nothing it passes does harm.
 */
#include "../lib/check.h"
#include "told.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

/* Catches: an argument taken for the path that is none, a path that is missed. */
TEST(looking_finds_the_isle)
{
	static const char online[] = "/sys/devices/system/cpu/online";
	static const char cpu3[] = "cpu/cpu3/cache/index3";
	int dir = open("/sys/devices/system", O_PATH | O_DIRECTORY), fd;
	struct open_how how = { .flags = O_RDONLY };
	struct statx stx;
	struct stat st;

	EXPECT_STR(contents(online), "1-3\n");
	EXPECT_EQ(call(SYS_stat, ptr(online), ptr(&st), 0, 0, 0), 0);
	EXPECT_EQ(st.st_size, 4);
	EXPECT_EQ(call(SYS_newfstatat, (uint64_t)dir, ptr(cpu3), ptr(&st), 0, 0), 0);
	EXPECT_EQ(call(SYS_statx, (uint64_t)dir, ptr(cpu3), 0, STATX_BASIC_STATS, ptr(&stx)), 0);
	EXPECT_EQ(call(SYS_access, ptr(online), R_OK, 0, 0, 0), 0);
	EXPECT_EQ(call(SYS_faccessat, (uint64_t)dir, ptr(cpu3), R_OK, 0, 0), 0);
	EXPECT_ERR((int)call(SYS_faccessat2, (uint64_t)dir, ptr("cpu/cpu0"), 0, 0, 0), -ENOENT);
	EXPECT_ERR((int)call(SYS_getxattr, ptr(online), ptr("user.x"), 0, 0, 0), -ENODATA);
	fd = (int)call(SYS_openat2, (uint64_t)dir, ptr(cpu3), ptr(&how), sizeof(how), 0);
	EXPECT_GE(fd, 0);
	/* An open directory of the tree leads on in it, and out of it. */
	EXPECT_EQ(call(SYS_faccessat, (uint64_t)fd, ptr("shared_cpu_list"), R_OK, 0, 0), 0);
	EXPECT_EQ(call(SYS_faccessat, (uint64_t)fd, ptr("../../../.."), R_OK, 0, 0), 0);
	close(fd);
	close(dir);
}

/* Catches: a listing of the host's CPUs. */
TEST(directories_list_the_isle)
{
	int fd = (int)call(SYS_openat, AT_FDCWD, ptr("/sys/devices/system/cpu"),
			   O_RDONLY | O_DIRECTORY, 0, 0);
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int cpus = 0, n;

	while (dir && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "cpu%d", &n) == 1)
			cpus |= 1 << n;
	if (dir)
		closedir(dir);
	EXPECT_EQ(cpus, 0xe);
}

/* Catches: a program that finds the proxy where it looks for itself. */
TEST(exe_is_the_program)
{
	char text[64] = "", head[4] = "";
	int fd, self = open("/proc/self", O_PATH);

	EXPECT_EQ(call(SYS_readlink, ptr("/proc/self/exe"), ptr(text), sizeof(text), 0, 0), 12);
	EXPECT_STR(text, "/usr/bin/env");
	memset(text, 0, sizeof(text));
	EXPECT_EQ(call(SYS_readlinkat, AT_FDCWD, ptr("/proc/self/exe"), ptr(text), 4, 0), 4);
	EXPECT_STR(text, "/usr");
	fd = (int)call(SYS_openat, AT_FDCWD, ptr("/proc/self/exe"), O_RDONLY, 0, 0);
	EXPECT_EQ(read(fd, head, 4), 4);
	EXPECT_EQ(memcmp(head, "\177ELF", 4), 0);
	EXPECT_EQ(call(SYS_readlinkat, (uint64_t)self, ptr("exe"), ptr(text), sizeof(text), 0), 12);
	close(self);
	close(fd);
}

/* Catches: the name of the tree, told to the program. */
TEST(the_tree_has_no_name)
{
	static const char cpu[] = "/sys/devices/system/cpu";
	char text[PATH_MAX] = "", link[64], before[PATH_MAX];
	struct statfs fs;
	int fd;

	EXPECT(getcwd(before, sizeof(before)) != NULL);
	EXPECT_EQ(call(SYS_chdir, ptr(cpu), 0, 0, 0, 0), 0);
	EXPECT_EQ(call(SYS_getcwd, ptr(text), sizeof(text), 0, 0, 0), sizeof(cpu));
	EXPECT_STR(text, cpu);
	EXPECT_STR(contents("online"), "1-3\n");
	EXPECT_STR(contents("../node/online"), "0-1\n");
	/* Not one byte too little, and no room for one less; Linux's own rules for both calls. */
	EXPECT_EQ(call(SYS_getcwd, ptr(text), sizeof(cpu), 0, 0, 0), sizeof(cpu));
	EXPECT_ERR((int)call(SYS_getcwd, ptr(text), sizeof(cpu) - 1, 0, 0, 0), -ERANGE);
	EXPECT_ERR((int)call(SYS_getcwd, ptr(text), 0, 0, 0, 0), -ERANGE);
	EXPECT_EQ(call(SYS_readlink, ptr("/proc/self/cwd"), ptr(text), 3, 0, 0), 3);
	EXPECT_ERR((int)call(SYS_readlink, ptr("/proc/self/cwd"), ptr(text), 0, 0, 0), -EINVAL);
	EXPECT_EQ(call(SYS_chdir, ptr("../../../.."), 0, 0, 0, 0), 0);
	EXPECT_EQ(call(SYS_getcwd, ptr(text), sizeof(text), 0, 0, 0), 2);
	EXPECT_STR(text, "/");
	EXPECT_EQ(chdir(view->root), 0);
	EXPECT_EQ(call(SYS_getcwd, ptr(text), sizeof(text), 0, 0, 0), 2);
	EXPECT_STR(text, "/");
	EXPECT_EQ(chdir(before), 0);
	fd = (int)call(SYS_open, ptr(cpu), O_RDONLY, 0, 0, 0);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	memset(text, 0, sizeof(text));
	EXPECT_EQ(call(SYS_readlink, ptr(link), ptr(text), sizeof(text), 0, 0), sizeof(cpu) - 1);
	EXPECT_STR(text, cpu);
	close(fd);
	EXPECT_EQ(call(SYS_statfs, ptr("/sys/devices/system/cpu/online"), ptr(&fs), 0, 0, 0), 0);
	EXPECT_EQ(fs.f_type, SYSFS_MAGIC);
	EXPECT_EQ(call(SYS_statfs, ptr("/proc/self/status"), ptr(&fs), 0, 0, 0), 0);
	EXPECT_EQ(fs.f_type, PROC_SUPER_MAGIC);
}

/* Catches: changes that land in the tree and seem to have worked. */
TEST(changing_is_left_to_linux)
{
	static const char online[] = "/sys/devices/system/cpu/online";
	static const char new[] = "/sys/devices/system/cpu/x";
	uint64_t arg[][3] = {
		{ SYS_open, ptr(online), O_WRONLY }, { SYS_open, ptr(online), O_RDWR },
		{ SYS_open, ptr(new), O_RDONLY | O_CREAT },
		{ SYS_open, ptr(online), O_RDONLY | O_TRUNC },
		{ SYS_creat, ptr(new), 0 }, { SYS_truncate, ptr(online), 0 },
		{ SYS_chmod, ptr(online), 0 }, { SYS_unlink, ptr(online), 0 },
		{ SYS_mkdir, ptr(new), 0 }, { SYS_rmdir, ptr(online), 0 },
		{ SYS_rename, ptr(online), ptr(new) }, { SYS_link, ptr(online), ptr(new) },
		{ SYS_symlink, ptr(online), ptr(new) },
		{ SYS_setxattr, ptr(online), ptr("user.x") },
		{ SYS_mq_open, ptr(online), 0 }, { SYS_memfd_create, ptr(online), 0 },
		{ 100000, 0, 0 },
	};
	struct open_how how = { .flags = O_RDWR }, beneath = { .resolve = RESOLVE_BENEATH };
	size_t i;

	EXPECT_STR(contents(online), "1-3\n");
	for (i = 0; i < sizeof(arg) / sizeof(arg[0]); i++) {
		uint64_t now[6] = { arg[i][1], arg[i][2] };

		EXPECT(!view_call(view, (uint32_t)arg[i][0], now, &scratch));
		EXPECT(now[0] == arg[i][1] && now[1] == arg[i][2]);
	}
	EXPECT(!view_call(view, SYS_openat2,
			  (uint64_t[6]){ 0, ptr(online), ptr(&how), sizeof(how) }, &scratch));
	EXPECT(!view_call(view, SYS_openat2,
			  (uint64_t[6]){ 0, ptr(online), ptr(&beneath), sizeof(how) }, &scratch));
}

static char *pages(size_t n)
{
	char *at = mmap(NULL, n << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(at != MAP_FAILED);
	return at;
}

/* Catches: a proxy that dies of what its program passes. */
TEST(bad_addresses_are_left_to_linux)
{
	char *page = pages(2), *end;
	const uint64_t bad[] = { 0, 1, 8, 0x7fffffffffffull, ~0ull, 1ull << 63 };
	char text[64];
	size_t i;

	munmap(page + 4096, 4096);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_ERR((int)call(SYS_open, bad[i], O_RDONLY, 0, 0, 0), -EFAULT);
		EXPECT_ERR((int)call(SYS_openat2, AT_FDCWD, ptr("/proc/stat"), bad[i], 24, 0),
			   -EFAULT);
		EXPECT_ERR((int)call(SYS_readlink, ptr("/proc/self/exe"), bad[i], 64, 0, 0),
			   -EFAULT);
		EXPECT_ERR((int)call(SYS_getcwd, bad[i], 64, 0, 0, 0), -EFAULT);
	}
	/* A string that ends with its page, and one that does not end. */
	end = page + 4096 - sizeof("/proc/self/exe");
	strcpy(end, "/proc/self/exe");
	EXPECT_EQ(call(SYS_readlink, ptr(end), ptr(text), sizeof(text), 0, 0), 12);
	memset(page, '/', 4096);
	EXPECT_ERR((int)call(SYS_open, ptr(page + 100), O_RDONLY, 0, 0, 0), -EFAULT);
	munmap(page, 4096);
	page = pages(3);
	memset(page, '/', 12288);
	EXPECT_ERR((int)call(SYS_open, ptr(page + 7), O_RDONLY, 0, 0, 0), -ENAMETOOLONG);
	strcpy(page + 4090, "/proc/self/exe");
	EXPECT_EQ(call(SYS_readlink, ptr(page + 4090), ptr(text), sizeof(text), 0, 0), 12);
	munmap(page, 12288);
}

/* Catches: a snapshot of the start, told for ever; an isle asked where nothing changes, or not asked. */
TEST(contents_follow_the_isle)
{
	EXPECT(strstr(contents("/proc/self/status"), "\nThreads:\t2\n") != NULL);
	EXPECT(strstr(contents("/proc/meminfo"), "MemFree:            4096 kB\n") != NULL);
	EXPECT(strstr(contents("/proc/stat"), "\ncpu1 80 0 0 20 0 0 0 0 0 0\n") != NULL);
	EXPECT(strncmp(contents("/proc/stat"), "cpu  270 0 0 30 ", 16) == 0);
	EXPECT_EQ(asked, 4);
	told.head.mem_free = ~0ull;
	EXPECT(strstr(contents("/proc/meminfo"), "MemFree:         1572864 kB\n") != NULL);
	/* Shorter than before: nothing of the old contents at the end. */
	EXPECT_STR(strrchr(contents("/proc/self/status"), '\n'), "\n");
	asked = 0;
	EXPECT_STR(contents("/sys/devices/system/cpu/online"), "1-3\n");
	EXPECT(strstr(contents("/proc/cpuinfo"), "processor\t: 3\n") != NULL);
	EXPECT_EQ(asked, 0);
}

static void *reader(void *bad)
{
	static __thread struct view_scratch mine;
	char text[8192];
	int i;

	for (i = 0; i < 200; i++) {
		uint64_t arg[6] = { ptr("/proc/self/status"), O_RDONLY };
		ssize_t len;
		int fd;

		view_call(view, SYS_open, arg, &mine);
		EXPECT_EQ(view_report(&mine, &told, told.head.size), 0);
		view_call(view, SYS_open, arg, &mine);
		fd = open((const char *)(uintptr_t)arg[0], O_RDONLY);
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len < 0 ? 0 : len] = 0;
		if (!strstr(text, "\nCpus_allowed_list:\t1-3\n"))
			__atomic_add_fetch((int *)bad, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Catches: a reader who meets half a file while another one looks. */
TEST(many_may_look_at_once)
{
	pthread_t thread[4];
	int bad = 0, i;

	EXPECT_STR(contents("/sys/devices/system/cpu/online"), "1-3\n");
	for (i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, reader, &bad);
	for (i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(bad, 0);
}

static int high(int fd)
{
	int to = fcntl(fd, F_DUPFD_CLOEXEC, 200);

	close(fd);
	return to;
}

/* Catches: a view that uses a number it gave away. */
TEST(descriptors_can_be_moved)
{
	EXPECT_STR(contents("/sys/devices/system/cpu/online"), "1-3\n");
	EXPECT_EQ(view_move_fds(view, high), 0);
	EXPECT_GE(view->fd[0], 200);
	EXPECT(strstr(contents("/proc/self/status"), "\nThreads:\t2\n") != NULL);
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
