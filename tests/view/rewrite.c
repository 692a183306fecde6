// SPDX-License-Identifier: MIT
/*
 * rewrite.c - which paths are led to the view, and which must not be.
 */
#include "../lib/check.h"
#include "machines.h"

#include <fcntl.h>

static struct view *view;
static char buf[PATH_MAX];

/* The view of the running test. */
static void view_ready(void)
{
	if (!view)
		view = view_of(&shapes[1]);
}

/* What becomes of a path: "+/x" is x in the tree, "/x" is Linux's x, "=" is no change. */
static const char *outcome(int dirfd, const char *path)
{
	static char text[PATH_MAX + 1];
	const char *to;

	view_ready();
	to = view_rewrite(view, dirfd, path, 0, buf, sizeof(buf));
	if (!to)
		return "=";
	if (strncmp(to, view->root, view->root_len) == 0)
		snprintf(text, sizeof(text), "+%s", to + view->root_len);
	else
		snprintf(text, sizeof(text), "%s", to);
	return text;
}

struct row {
	const char *path, *want;
};

static void check_rows(int dirfd, const struct row *row, size_t rows)
{
	for (; rows--; row++) {
		const char *got = outcome(dirfd, row->path);

		EXPECT_THAT(strcmp(got, row->want) == 0, "\"%s\" became %s, expected %s",
			    row->path, got, row->want);
	}
}
#define CHECK_ROWS(dirfd, rows)  check_rows(dirfd, rows, sizeof(rows) / sizeof(rows[0]))

/* Catches: a listed place that is forgotten, and a neighbour of one that is taken along. */
TEST(listed_paths_lead_to_the_view)
{
	static const struct row rows[] = {
		{ "/proc/cpuinfo", "+/proc/cpuinfo" },
		{ "/proc/meminfo", "+/proc/meminfo" },
		{ "/proc/stat", "+/proc/stat" },
		{ "/proc/self/status", "+/proc/self/status" },
		{ "/proc/self/stat", "+/proc/self/stat" },
		{ "/proc/self/maps", "+/proc/self/maps" },
		{ "/proc/self/task", "+/proc/self/task" },
		{ "/proc/self/task/7", "+/proc/self/task/7" },
		{ "/proc/self/task/7/", "+/proc/self/task/7/" },
		{ "/proc/self/task/7/comm", "+/proc/self/task/7/comm" },
		{ "/proc/self/task/7/maps", "+/proc/self/maps" },
		{ "/proc/self/task/7/fd/3", "/proc/self/fd/3" },
		{ "/proc/self/task/7/../8/../../maps", "+/proc/self/maps" },
		{ "/proc/4194305", "+/proc/self/task/4194305" },
		{ "/proc/4194305/stat", "+/proc/self/task/4194305/stat" },
		{ "/proc/4194305/cgroup", "/proc/self/cgroup" },
		{ "/proc/self/smaps", "+/proc/self/smaps" },
		{ "/proc/self/map_files/x", "+/proc/self/map_files/x" },
		{ "/proc/thread-self/status", "+/proc/self/status" },
		{ "/proc/self/cpuset", "+/proc/self/cpuset" },
		{ "/sys/devices/system/cpu", "+/sys/devices/system/cpu" },
		{ "/sys/devices/system/cpu/", "+/sys/devices/system/cpu/" },
		{ "/sys/devices/system/cpu/online", "+/sys/devices/system/cpu/online" },
		{ "/sys/devices/system/cpu/cpu0", "+/sys/devices/system/cpu/cpu0" },
		{ "/sys/devices/system/cpu/cpu1/cpufreq", "+/sys/devices/system/cpu/cpu1/cpufreq" },
		{ "/sys/devices/system/node/node0", "+/sys/devices/system/node/node0" },
		{ "/sys/bus/cpu/devices", "+/sys/bus/cpu/devices" },
		{ "/sys/bus/cpu/devices/cpu1", "+/sys/bus/cpu/devices/cpu1" },
		{ "/sys/fs/cgroup/cpuset/cpuset.cpus", "+/sys/fs/cgroup/cpuset.cpus" },
		{ "/sys/fs/cgroup/a.slice/b/cpuset.mems.effective",
		  "+/sys/fs/cgroup/cpuset.mems.effective" },
	};

	CHECK_ROWS(AT_FDCWD, rows);
}

TEST(everything_else_stays_real)
{
	static const struct row rows[] = {
		{ "", "=" }, { "/", "=" }, { "//", "=" }, { ".", "=" }, { "..", "=" }, { "x", "=" },
		{ "/proc", "=" }, { "/proc/cpuinfox", "=" }, { "/proc/cpuinf", "=" },
		{ "/proc/self", "=" }, { "/proc/self/mapsx", "=" }, { "/proc/self/limits", "=" },
		{ "/proc/self/taskx", "=" }, { "/proc/self/fd/0", "=" },
		{ "/proc/self/statusx", "=" },
		{ "/proc/1/status", "=" }, { "/proc/self/ns/ipc", "=" }, { "/proc/-1/status", "=" },
		{ "/proc/99999999999999999999/status", "=" },
		{ "/sys", "=" }, { "/sys/devices/system", "=" },
		{ "/sys/devices/system/cpux", "=" },
		{ "/sys/devices/system/cpu/vulnerabilities/meltdown", "=" },
		{ "/sys/kernel/mm/hugepages", "=" }, { "/sys/fs/cgroup", "=" },
		{ "/sys/fs/cgroup/cpuset", "=" }, { "/sys/fs/cgroup/cpuset.cpus/x", "=" },
		{ "/sys/fs/cgroup/cpuset.cpus.partition", "=" },
		{ "/sys/fs/cgroupx/cpuset.cpus", "=" },
		{ "/dev/shm/proc/cpuinfo", "=" }, { "/tmp/sys/devices/system/cpu", "=" },
	};

	CHECK_ROWS(AT_FDCWD, rows);
}

/* Catches: a way of writing a path that gets past the list, or past the tree. */
TEST(nasty_paths_are_understood)
{
	static const struct row rows[] = {
		{ "//proc///cpuinfo", "+/proc/cpuinfo" },
		{ "/./proc/./cpuinfo", "+/proc/cpuinfo" },
		{ "/proc/cpuinfo/", "+/proc/cpuinfo/" },
		{ "/proc/cpuinfo/.", "+/proc/cpuinfo/" },
		{ "/../../../proc/cpuinfo", "+/proc/cpuinfo" },
		{ "/proc/../proc/../proc/cpuinfo", "+/proc/cpuinfo" },
		{ "/proc/...", "=" }, { "/proc/..cpuinfo", "=" },
		{ "/sys/devices/system/cpu/../cpu/online", "+/sys/devices/system/cpu/online" },
		{ "/sys/devices/system/cpu/../../../class/net", "=" },
		{ "/sys/devices/system/cpu/..", "=" },
		{ "/sys/devices/system/cpu/../node/", "+/sys/devices/system/node/" },
		{ "/sys/devices/system/cpu/../../../../proc/stat", "+/proc/stat" },
		{ "/sys/devices/system/cpu/cpu1/node0", "+/sys/devices/system/cpu/cpu1/node0" },
		{ "/sys/devices/system/cpu/cpu1/node0/../node1/cpulist",
		  "+/sys/devices/system/node/node1/cpulist" },
		{ "/sys/devices/system/node/node1/cpu3/../cpu2/online",
		  "+/sys/devices/system/cpu/cpu2/online" },
		{ "/sys/bus/cpu/devices/cpu1/../online", "+/sys/devices/system/cpu/online" },
		{ "/proc/self/root" "/proc/cpuinfo", "+/proc/cpuinfo" },
		{ "/proc/self/root/../proc/self/root" "/proc/stat", "+/proc/stat" },
	};
	char own[64], longest[PATH_MAX];

	CHECK_ROWS(AT_FDCWD, rows);
	snprintf(own, sizeof(own), "/proc/%d/status", (int)getpid());
	EXPECT_STR(outcome(AT_FDCWD, own), "+/proc/self/status");
	memset(longest, '/', sizeof(longest) - 1);
	strcpy(longest + sizeof(longest) - 13, "proc/cpuinfo");
	EXPECT_STR(outcome(AT_FDCWD, longest), "+/proc/cpuinfo");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = '/';
	EXPECT_STR(outcome(AT_FDCWD, longest), "=");
	memcpy(longest, "/proc/stat/", 11);
	EXPECT_STR(outcome(AT_FDCWD, longest), "=");
	memcpy(longest, "/sys/devices/system/cpu/", 24);
	EXPECT_STR(outcome(AT_FDCWD, longest), "=");
	EXPECT(view_rewrite(view, AT_FDCWD, "/proc/cpuinfo", 0, buf, view->root_len + 13) == NULL);
	EXPECT(view_rewrite(view, AT_FDCWD, "/proc/cpuinfo", 0, buf, view->root_len + 14) != NULL);
}

/* Catches: hwloc and others that open a directory once and start from it. */
TEST(descriptors_are_followed)
{
	static const struct row from_root[] = {
		{ "proc/cpuinfo", "+/proc/cpuinfo" }, { "./sys/devices/system/cpu/online",
		  "+/sys/devices/system/cpu/online" }, { "etc/passwd", "=" }, { "", "=" },
		{ "/proc/stat", "+/proc/stat" },
	}, from_system[] = {
		{ "cpu", "+/sys/devices/system/cpu" },
		{ "node/online", "+/sys/devices/system/node/online" },
		{ "../../../proc/cpuinfo", "+/proc/cpuinfo" }, { "memory", "=" }, { "..", "=" },
	}, from_real_cpu[] = {
		{ ".", "+/sys/devices/system/cpu" }, { "./", "+/sys/devices/system/cpu/" },
		{ "online", "+/sys/devices/system/cpu/online" },
		{ "cpu9", "+/sys/devices/system/cpu/cpu9" },
	}, from_view[] = {
		{ "online", "+/sys/devices/system/cpu/online" },
		{ "../node", "+/sys/devices/system/node" },
		{ "..", "/sys/devices/system" }, { "../..", "/sys/devices" },
		{ "../../../..", "/" },
		{ "../../../class/net", "/sys/class/net" }, { "../../../class/", "/sys/class/" },
		{ "kernel_max", "/sys/devices/system/cpu/kernel_max" },
		{ "/proc/cpuinfo", "+/proc/cpuinfo" }, { "/etc/passwd", "=" },
	}, from_nothing[] = {
		{ "proc/cpuinfo", "=" }, { "cpuinfo", "=" }, { "/proc/cpuinfo", "+/proc/cpuinfo" },
	};
	int root, system, real, ours, ends[2];

	view_ready();
	root = open("/", O_PATH);
	system = open("/sys/devices/system", O_RDONLY | O_DIRECTORY);
	real = open("/sys/devices/system/cpu", O_RDONLY | O_DIRECTORY);
	ours = openat(view->fd[0], "sys/devices/system/cpu", O_RDONLY | O_DIRECTORY);
	CHECK_ROWS(root, from_root);
	CHECK_ROWS(system, from_system);
	CHECK_ROWS(real, from_real_cpu);
	CHECK_ROWS(ours, from_view);
	EXPECT_EQ(pipe(ends), 0);
	CHECK_ROWS(ends[0], from_nothing);
	close(ends[0]);
	close(ends[1]);
	close(ours);
	close(real);
	close(system);
	CHECK_ROWS(root + 500, from_nothing);
	CHECK_ROWS(-1, from_nothing);
	close(root);
}

/* Catches: the name of a view, which a program may have got from somewhere, used as a path. */
TEST(names_in_the_tree_mean_what_they_stand_for)
{
	char path[PATH_MAX];

	view_ready();
	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/../../../class", view->root);
	EXPECT_STR(outcome(AT_FDCWD, path), "/sys/class");
	snprintf(path, sizeof(path), "%s/proc/cpuinfo", view->root);
	EXPECT_STR(outcome(AT_FDCWD, path), "+/proc/cpuinfo");
	EXPECT_STR(outcome(AT_FDCWD, view->root), "/");
	snprintf(path, sizeof(path), "%sx/proc/cpuinfo", view->root);
	EXPECT_STR(outcome(AT_FDCWD, path), "=");
}

/* Catches: a program without a name, whose /proc/self/exe would be nothing. */
TEST(exe_stays_real_without_a_program)
{
	view_ready();
	view->exe = -1;
	EXPECT_STR(outcome(AT_FDCWD, "/proc/self/exe"), "=");
}

/* Catches: a crash on anything at all. */
TEST(random_paths_do_no_harm)
{
	static const char *const parts[] = {
		"/", "//", ".", "..", "/..", "proc", "sys", "self", "cpu", "devices", "system",
		"node", "cpu1", "node0", "fs", "cgroup", "cpuset.cpus", "bus", "status", "root",
		"\n", "\xff",
	};
	const unsigned int nr_parts = sizeof(parts) / sizeof(parts[0]);
	unsigned int seed = 1, i, n;
	char path[512];

	view_ready();
	for (i = 0; i < 20000; i++) {
		path[0] = 0;
		for (n = rand_r(&seed) % 12; n; n--) {
			strcat(path, parts[(unsigned int)rand_r(&seed) % nr_parts]);
			strcat(path, rand_r(&seed) % 3 ? "/" : "");
		}
		outcome(i % 2 ? AT_FDCWD : view->fd[0], path);
	}
}

static void after(void)
{
	view_destroy(view);
	view = NULL;
}

int main(void)
{
	return machines_main(after);
}
