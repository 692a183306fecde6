// SPDX-License-Identifier: MIT
/*
 * rewrite.c - which paths the view answers.
 *
 * A path is made absolute and normalised without asking the file system, but for the symbolic links
 * of /proc and /sys that lead to the listed places; then it is looked up in a list. So a link that
 * somebody else made to a listed path is not followed: that reader sees Linux's file. A descriptor
 * or a working directory may lie in the tree itself; from there `..` leads back to the real tree.
 *
 * The program's threads are Linux's nowhere: /proc/self/task and /proc/TID are the isle's, and what all threads have
 * in common is the process's. Another process's number stays what it is, even if it is a rank on another isle.
 */
#include "inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CPU     "/sys/devices/system/cpu"
#define NODE    "/sys/devices/system/node"
#define CPUS    "/sys/bus/cpu/devices"   /* links to the directories of CPUs */
#define NODES   "/sys/bus/node/devices"
#define CGROUP  "/sys/fs/cgroup/"

struct place {
	char text[PATH_MAX];
	size_t len;      /* 0 is the root */
	uint32_t tid;    /* who asks; 0: the first thread */
};

#define TID_BASE  (1u << 22)   /* threads of an isle: above every number that Linux gives */
#define TASK      "/proc/self/task/"

/* True if path is prefix, or lies below it. */
static bool below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(path, prefix, len) == 0 && (path[len] == '/' || !path[len]);
}

static bool number(const char *text, unsigned long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*value = strtoul(text, &end, 10);
	return !*end;
}

static void place_set(struct place *place, const char *format, const char *rest)
{
	char text[PATH_MAX];
	int len = snprintf(text, sizeof(text), format, rest);

	if (len >= 0 && len < (int)sizeof(text)) {
		memcpy(place->text, text, (size_t)len + 1);
		place->len = (size_t)len;
	}
}

/* /sys/devices/system/cpu/cpu3/node0 and /sys/devices/system/node/node0/cpu3 are links. */
static void follow_sibling(struct place *place)
{
	const char *last = strrchr(place->text, '/');
	unsigned long n;

	if (strncmp(place->text, CPU "/cpu", strlen(CPU "/cpu")) == 0 &&
	    strncmp(last, "/node", 5) == 0 && number(last + 5, &n))
		place_set(place, NODE "%s", last);
	else if (strncmp(place->text, NODE "/node", strlen(NODE "/node")) == 0 &&
		 strncmp(last, "/cpu", 4) == 0 && number(last + 4, &n))
		place_set(place, CPU "%s", last);
}

/* /proc/thread-self, /proc/PID and /proc/TID. */
static void follow_process(struct place *place, const char *name)
{
	unsigned long pid = 0;
	char text[32];

	if (strcmp(name, "thread-self") == 0)
		pid = place->tid ? place->tid : (unsigned long)getpid();
	else if (!number(name, &pid))
		return;
	if (pid == (unsigned long)getpid()) {
		place_set(place, "/proc/self%s", "");
	} else if (pid >= TID_BASE && pid <= UINT32_MAX) {
		snprintf(text, sizeof(text), "%lu", pid);
		place_set(place, TASK "%s", text);
	}
}

/* Takes place to where it leads if it is one of the links we know and more of the path follows. */
static void follow(struct place *place)
{

	if (below(place->text, CPU) || below(place->text, NODE))
		follow_sibling(place);
	else if (strncmp(place->text, CPUS "/", strlen(CPUS "/")) == 0)
		place_set(place, CPU "%s", place->text + strlen(CPUS));
	else if (strncmp(place->text, NODES "/", strlen(NODES "/")) == 0)
		place_set(place, NODE "%s", place->text + strlen(NODES));
	else if (strncmp(place->text, "/proc/", 6) == 0 && !strchr(place->text + 6, '/'))
		follow_process(place, place->text + 6);
	else if (strcmp(place->text, "/proc/self/root") == 0)
		place_set(place, "%s", "");
}

/* Appends the components of path. False if it gets too long. */
static bool walk(struct place *place, const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && path[0] == '.' && path[1] == '.') {
			follow(place);
			while (place->len && place->text[--place->len] != '/')
				;
		} else if (len && !(len == 1 && path[0] == '.')) {
			follow(place);
			if (place->len + len + 2 > sizeof(place->text))
				return false;
			place->text[place->len++] = '/';
			memcpy(place->text + place->len, path, len);
			place->len += len;
		}
		place->text[place->len] = 0;
		path += len;
		path += *path == '/';
	}
	return true;
}

/* What dirfd is, as an absolute path; false if it is no directory with a name. */
static bool dir_of(int dirfd, char *path, size_t size)
{
	char link[64];
	ssize_t len;

	if (dirfd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/self/cwd");
	else
		snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	len = readlink(link, path, size - 1);
	if (len <= 0 || len == (ssize_t)size - 1 || path[0] != '/')
		return false;
	path[len] = 0;
	return true;
}

/* If path lies in the tree, what it stands for. */
static const char *outside(const struct view *view, const char *path)
{
	return below(path, view->root) ? path + view->root_len : NULL;
}

static const struct {
	const char *path;
	enum view_file file;
} listed[] = {
	{ "/proc/cpuinfo", VIEW_CONSTANT },
	{ "/proc/meminfo", VIEW_MEMINFO },
	{ "/proc/stat", VIEW_STAT },
};

/* Below /proc/self. The last ones are in no isle, as in a Linux without CONFIG_PROC_PAGE_MONITOR. */
static const struct {
	const char *name;
	enum view_file file;
} own[] = {
	{ "status", VIEW_SELF_STATUS }, { "stat", VIEW_SELF_STAT }, { "comm", VIEW_SELF_COMM },
	{ "statm", VIEW_SELF_STATM }, { "maps", VIEW_SELF_MAPS }, { "cmdline", VIEW_SELF_CMDLINE },
	{ "environ", VIEW_SELF_ENVIRON }, { "auxv", VIEW_SELF_AUXV }, { "cpuset", VIEW_CONSTANT },
	{ "task", VIEW_TASKS },
	{ "smaps", VIEW_CONSTANT }, { "smaps_rollup", VIEW_CONSTANT }, { "numa_maps", VIEW_CONSTANT },
	{ "map_files", VIEW_CONSTANT }, { "pagemap", VIEW_CONSTANT }, { "stack", VIEW_CONSTANT },
	{ "syscall", VIEW_CONSTANT }, { "wchan", VIEW_CONSTANT },
};

/* Below the two directories, but nothing that an isle changes. */
static const char *const real[] = {
	CPU "/kernel_max", CPU "/modalias", CPU "/uevent", CPU "/vulnerabilities", CPU "/microcode",
	CPU "/power", NODE "/uevent", NODE "/power",
};

/*
 * A control group's cpuset files have one content here, whichever group it is: the isle belongs to
 * its program. Returns the part of the path that names the file in the tree, or NULL.
 */
static const char *cgroup_file(const char *path)
{
	static const char *const names[] = {
		"/cpuset.cpus", "/cpuset.cpus.effective", "/cpuset.effective_cpus",
		"/cpuset.mems", "/cpuset.mems.effective", "/cpuset.effective_mems",
	};
	const char *last = strrchr(path, '/');
	size_t i;

	if (strncmp(path, CGROUP, strlen(CGROUP)) != 0)
		return NULL;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(last, names[i]) == 0)
			return last + 1;
	return NULL;
}

/*
 * /proc/self/task/TID: a directory of the view; what a thread has in common with all others becomes /proc/self's.
 * True if it is the view's.
 */
static bool look_up_task(struct place *place, struct view_look *look)
{
	const char *name = strchr(place->text + strlen(TASK), '/');
	unsigned long tid = strtoul(place->text + strlen(TASK), NULL, 10);
	size_t i;

	look->tid = (uint32_t)tid;
	look->file = VIEW_TASK;
	if (!name)
		return true;
	for (i = 0; own[i].file <= VIEW_SELF_COMM && own[i].file != VIEW_CONSTANT; i++) {
		look->file = own[i].file;
		if (strcmp(name + 1, own[i].name) == 0)
			return true;
	}
	look->tid = 0;
	look->file = VIEW_CONSTANT;
	/* Only the first thread is one that Linux knows as a parent. */
	if (strcmp(name, "/children") != 0)
		place_set(place, "/proc/self%s", name);
	return false;
}

static bool look_up_self(struct place *place, struct view_look *look)
{
	const char *name = place->text + strlen("/proc/self/");
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strcmp(name, own[i].name) != 0)
			continue;
		look->file = own[i].file;
		return true;
	}
	return strncmp(name, "map_files/", 10) == 0;
}

/* True if a normalised path lies in the tree; false: it is Linux's to answer. place may be led elsewhere. */
static bool look_up(struct place *place, struct view_look *look)
{
	const char *name;
	unsigned long pid;
	size_t i;

	if (strncmp(place->text, "/proc/", 6) == 0 && number(place->text + 6, &pid) && pid >= TID_BASE)
		follow_process(place, place->text + 6);
	if (strncmp(place->text, TASK, strlen(TASK)) == 0 && look_up_task(place, look))
		return true;
	if (strncmp(place->text, "/proc/self/", 11) == 0)
		return look_up_self(place, look);
	name = cgroup_file(place->text);
	if (name) {
		place_set(place, CGROUP "%s", name);
		return true;
	}
	for (i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		if (strcmp(place->text, listed[i].path) != 0)
			continue;
		look->file = listed[i].file;
		return true;
	}
	for (i = 0; i < sizeof(real) / sizeof(real[0]); i++)
		if (below(place->text, real[i]))
			return false;
	return below(place->text, CPU) || below(place->text, NODE) ||
	       below(place->text, CPUS) || below(place->text, NODES);
}

/* A path that says it is a directory must still say so: the last `/` (or `/.`) counts. */
static bool ends_as_dir(const char *path)
{
	size_t len = strlen(path);

	return path[len - 1] == '/' || (len > 1 && strcmp(path + len - 2, "/.") == 0);
}

/* Absolute and normalised. *in_tree: it was given as one that lies in the tree. */
static bool place_find(struct view *view, int dirfd, const char *path, struct place *place, bool *in_tree)
{
	const char *rest;
	char dir[PATH_MAX];

	if (*path != '/') {
		if (!dir_of(dirfd, dir, sizeof(dir)))
			return false;
		rest = outside(view, dir);
		*in_tree = rest != NULL;
		if (!walk(place, rest ? rest : dir))
			return false;
	} else {
		rest = outside(view, path);
		*in_tree = rest != NULL;
		path = rest ? rest : path;
	}
	return walk(place, path);
}

const char *view_resolve(struct view *view, int dirfd, const char *path, uint32_t tid, struct view_look *look,
			 char *buf, size_t len)
{
	struct place place = { .tid = tid };
	bool in_tree, in_task, ours;
	int n;

	*look = (struct view_look){ .file = VIEW_CONSTANT };
	if (!*path || !place_find(view, dirfd, path, &place, &in_tree))
		return NULL;
	in_task = strncmp(place.text, TASK, strlen(TASK)) == 0;
	ours = look_up(&place, look);
	/* A link to the open file: it can be read, followed and opened, as Linux's own. */
	if (view->exe >= 0 && strcmp(place.text, "/proc/self/exe") == 0) {
		n = snprintf(buf, len, "/proc/self/fd/%d", view->fd[view->exe]);
		return n < 0 || (size_t)n >= len ? NULL : buf;
	}
	if (!ours && !in_tree && !in_task)
		return NULL;
	n = snprintf(buf, len, "%s%s%s", ours ? view->root : "", place.text,
		     !place.len || (*path && ends_as_dir(path)) ? "/" : "");
	return n < 0 || (size_t)n >= len ? NULL : buf;
}

const char *view_rewrite(struct view *view, int dirfd, const char *path, uint32_t tid, char *buf, size_t len)
{
	struct view_look look;

	return view_resolve(view, dirfd, path, tid, &look, buf, len);
}
