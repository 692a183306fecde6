// SPDX-License-Identifier: MIT
/*
 * tree.c - the tree of a view, read by those who read the real one: hwloc, lscpu, and by hand.
 */
#include "../lib/check.h"
#include "machines.h"

#include <fcntl.h>
#include <hwloc.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A file of the tree as a string without its last newline. */
static const char *slurp(struct view *view, const char *path)
{
	static char text[1 << 20];
	char name[PATH_MAX];
	ssize_t len;
	int fd;

	snprintf(name, sizeof(name), "%s/%s", view->root, path);
	fd = open(name, O_RDONLY);
	len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	EXPECT_THAT(fd >= 0, "%s is not there", path);
	text[len] = 0;
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = 0;
	return text;
}

static int count_lines(const char *text, const char *start)
{
	int n = 0;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		n += strncmp(text, start, strlen(start)) == 0;
	}
	return n;
}

static void check_hwloc(hwloc_topology_t topo, const struct shape *shape)
{
	unsigned int l3 = 0, node, in_node;
	hwloc_obj_t pu = NULL;

	/* L3s do not cross packages, of which there is one a node. */
	for (node = 0; node < shape->nodes; node++) {
		in_node = ((node + 1) * shape->cores + shape->nodes - 1) / shape->nodes -
			  (node * shape->cores + shape->nodes - 1) / shape->nodes;
		l3 += (in_node + shape->cores_of_l3 - 1) / shape->cores_of_l3;
	}
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_NUMANODE), shape->nodes);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_PACKAGE), shape->nodes);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_CORE), shape->cores);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_PU), shape->cores * shape->threads);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_L1CACHE), shape->cores);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_L2CACHE), shape->cores);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_L3CACHE), l3);
	EXPECT_EQ(hwloc_get_root_obj(topo)->total_memory, NODE_SIZE * shape->nodes);
	for (node = 0; node < shape->nodes; node++)
		EXPECT_EQ(hwloc_get_obj_by_type(topo, HWLOC_OBJ_NUMANODE, node)->
			  attr->numanode.local_memory, NODE_SIZE);
	pu = hwloc_get_pu_obj_by_os_index(topo, shape->first_cpu);
	EXPECT(pu != NULL);
	EXPECT(hwloc_get_pu_obj_by_os_index(topo, shape->first_cpu - 1) == NULL);
}

/* Catches: a missing or misnamed file, a wrong mask, wrong sharing, memory that is the host's. */
TEST(hwloc_sees_the_isle)
{
	unsigned int i;

	for (i = 0; i < nr_shapes; i++) {
		unsigned int failures = check_state.failures;
		struct view *view = view_of(&shapes[i]);
		hwloc_topology_t topo;

		setenv("HWLOC_FSROOT", view->root, 1);
		setenv("HWLOC_COMPONENTS", "linux,stop", 1);
		hwloc_topology_init(&topo);
		hwloc_topology_set_all_types_filter(topo, HWLOC_TYPE_FILTER_KEEP_ALL);
		EXPECT_EQ(hwloc_topology_load(topo), 0);
		check_hwloc(topo, &shapes[i]);
		hwloc_topology_destroy(topo);
		view_destroy(view);
		if (check_state.failures != failures)
			note("so it was with the isle \"%s\"", shapes[i].name);
	}
}

/* Catches: control group files that contradict the rest, which makes hwloc drop CPUs. */
TEST(hwloc_agrees_with_the_cpuset)
{
	static const char mounts[] = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";
	struct view *view = view_of(&shapes[1]);
	hwloc_topology_t topo;
	int fd;

	fd = openat(view->fd[0], "proc/mounts", O_WRONLY | O_CREAT, 0600);
	EXPECT_EQ(write(fd, mounts, sizeof(mounts) - 1), sizeof(mounts) - 1);
	close(fd);
	fd = openat(view->fd[0], "sys/fs/cgroup/cgroup.controllers", O_WRONLY | O_CREAT, 0600);
	EXPECT_EQ(write(fd, "cpuset cpu\n", 11), 11);
	close(fd);
	setenv("HWLOC_FSROOT", view->root, 1);
	hwloc_topology_init(&topo);
	EXPECT_EQ(hwloc_topology_load(topo), 0);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_CORE), 3);
	EXPECT_EQ(hwloc_get_nbobjs_by_type(topo, HWLOC_OBJ_NUMANODE), 2);
	hwloc_topology_destroy(topo);
	view_destroy(view);
}

/* Catches: what hwloc forgives and others do not. */
TEST(lscpu_sees_the_isle)
{
	struct view *view = view_of(&shapes[2]);
	char command[PATH_MAX + 64], line[256];
	int rows = 0, cpu, core, package, node, seen = 0;
	FILE *out;

	snprintf(command, sizeof(command), "lscpu -s %s -p=CPU,CORE,SOCKET,NODE 2>/dev/null",
		 view->root);
	out = popen(command, "r");
	while (out && fgets(line, sizeof(line), out)) {
		if (line[0] == '#')
			continue;
		rows++;
		EXPECT_EQ(sscanf(line, "%d,%d,%d,%d", &cpu, &core, &package, &node), 4);
		EXPECT_EQ(package, 0);
		EXPECT_EQ(node, 0);
		seen |= 1 << cpu;
	}
	if (out)
		pclose(out);
	view_destroy(view);
	if (!rows)
		SKIP("there is no lscpu");
	EXPECT_EQ(rows, 8);
	EXPECT_EQ(seen, 0xff0);
}

/* Catches: a form that Linux does not use, in the files people parse by hand. */
TEST(files_have_linux_s_form)
{
	struct view *view = view_of(&shapes[1]);

	EXPECT_STR(slurp(view, "sys/devices/system/cpu/online"), "1-3");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/offline"), "0");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/possible"), "0-3");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/present"), "1-3");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/cpu2/topology/package_cpus_list"), "1-2");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/cpu2/cache/index3/shared_cpu_list"), "1-2");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/cpu3/cache/index2/size"), "1024K");
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/cpu3/node1/cpulist"), "3");
	EXPECT_STR(slurp(view, "sys/bus/cpu/devices/cpu3/topology/core_id"), "2");
	EXPECT_STR(slurp(view, "sys/devices/system/node/node0/cpumap"), "6");
	EXPECT_STR(slurp(view, "sys/devices/system/node/node1/distance"), "32 10");
	EXPECT_STR(slurp(view, "sys/devices/system/node/has_memory"), "0-1");
	EXPECT_STR(slurp(view, "sys/fs/cgroup/cpuset.cpus.effective"), "1-3");
	EXPECT_EQ(count_lines(slurp(view, "proc/cpuinfo"), "processor\t: "), 3);
	EXPECT_EQ(count_lines(slurp(view, "proc/cpuinfo"), "cpu cores\t: 2"), 2);
	EXPECT_EQ(count_lines(slurp(view, "proc/cpuinfo"), "flags\t\t: fpu"), 3);
	EXPECT_EQ(count_lines(slurp(view, "proc/meminfo"), "MemTotal:        1572864 kB"), 1);
	EXPECT_EQ(count_lines(slurp(view, "proc/stat"), "cpu"), 4);
	EXPECT_EQ(count_lines(slurp(view, "proc/stat"), "btime "), 1);
	view_destroy(view);

	view = view_of(&shapes[3]);
	EXPECT_STR(slurp(view, "sys/devices/system/cpu/cpu253/topology/core_cpus"),
		   "20000000,00000000,00000000,00000000,00000000,00000000,00000000,00000000");
	view_destroy(view);
}

/* Catches: caches of this machine that are not what Linux says of its CPU 0. */
TEST(caches_are_this_machine_s)
{
	struct view_cache cache[VIEW_MAX_CACHES];
	unsigned int n = view_probe_caches(cache, VIEW_MAX_CACHES), i;

	for (i = 0; i < n; i++) {
		char path[128], text[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu0/cache/index%u/size", i);
		file = fopen(path, "r");
		if (!file)
			SKIP("Linux does not show this machine's caches");
		EXPECT(fgets(text, sizeof(text), file) != NULL);
		fclose(file);
		EXPECT_EQ(cache[i].size >> 10, atoi(text));
	}
	if (!n)
		SKIP("this CPU does not describe its caches");
}

/* Catches: a start that takes noticeable time. The bound is wide for machines that are busy. */
TEST(a_wide_isle_is_quickly_described)
{
	unsigned long long best = ~0ull, start;
	int i;

	for (i = 0; i < 5; i++) {
		struct view *view;

		start = check_now();
		view = view_of(&shapes[3]);
		start = check_now() - start;
		best = start < best ? start : best;
		view_destroy(view);
	}
	note("64 cores: %llu us", best / 1000);
	EXPECT_LT(best, 200000000ull);
}

/* Catches: a tree others can read or change. */
TEST(the_tree_is_private)
{
	struct view *view = view_of(&shapes[0]);
	struct stat st;

	EXPECT_EQ(fstat(view->fd[0], &st), 0);
	EXPECT_EQ(st.st_mode & 07777, 0700);
	EXPECT_EQ(fstatat(view->fd[0], "proc/meminfo", &st, 0), 0);
	EXPECT_EQ(st.st_mode & 07777, 0444);
	view_destroy(view);
}

/* Catches: what a killed proxy leaves behind; and the removal of what belongs to somebody alive. */
TEST(the_dead_are_cleaned_up_after)
{
	struct view *other = view_of(&shapes[0]), *view;
	char locked[128];
	int status, fd;
	pid_t child = fork();

	if (child == 0) {
		struct view *mine = NULL;

		if (view_create(&mine, machine_of(&shapes[0]), base_dir()))
			_exit(1);
		/* A view inherited from the parent is not the child's to remove. */
		view_destroy(other);
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(views_left(), 2);
	/* As if a process of another container held it. */
	snprintf(locked, sizeof(locked), "%s/isle-view.%d.locked", base_dir(), (int)child);
	EXPECT_EQ(mkdir(locked, 0700), 0);
	fd = open(locked, O_RDONLY | O_DIRECTORY);
	EXPECT_EQ(flock(fd, LOCK_SH), 0);
	view = view_of(&shapes[0]);
	EXPECT_EQ(views_left(), 3);
	EXPECT_EQ(access(locked, F_OK), 0);
	EXPECT_EQ(access(other->root, F_OK), 0);
	close(fd);
	view_destroy(view);
	view = view_of(&shapes[0]);
	EXPECT_EQ(views_left(), 2);
	view_destroy(view);
	view_destroy(other);
}

/* Catches: half a tree after a failure, tables that are trusted. */
TEST(what_cannot_be_is_refused)
{
	struct view_machine *m = machine_of(&shapes[0]);
	struct view *view = NULL;

	EXPECT_ERR(view_create(&view, m, "/proc/nowhere"), -ENOENT);
	m->cpu[1].cpu = 1024;
	EXPECT_ERR(view_create(&view, m, base_dir()), -EINVAL);
	m->cpu[1].cpu = m->cpu[0].cpu;
	EXPECT_ERR(view_create(&view, m, base_dir()), -EEXIST);
	m->nr_cpus = 0;
	EXPECT_ERR(view_create(&view, m, base_dir()), -EINVAL);
	EXPECT(view == NULL);
	view_destroy(view);
}

int main(void)
{
	return machines_main(NULL);
}
