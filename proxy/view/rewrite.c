// SPDX-License-Identifier: MIT
/*
 * rewrite.c - which paths the view answers.
 *
 * A path is made absolute and normalised without asking the file system, but for the symbolic links
 * of /proc and /sys that lead to the listed places; then it is looked up in a list. So a link that
 * somebody else made to a listed path is not followed: that reader sees Linux's file. A descriptor
 * or a working directory may lie in the tree itself; from there `..` leads back to the real tree.
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
};

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

/* Takes place to where it leads if it is one of the links we know and more of the path follows. */
static void follow(struct place *place)
{
	unsigned long pid;

	if (below(place->text, CPU) || below(place->text, NODE))
		follow_sibling(place);
	else if (strncmp(place->text, CPUS "/", strlen(CPUS "/")) == 0)
		place_set(place, CPU "%s", place->text + strlen(CPUS));
	else if (strncmp(place->text, NODES "/", strlen(NODES "/")) == 0)
		place_set(place, NODE "%s", place->text + strlen(NODES));
	else if (strcmp(place->text, "/proc/thread-self") == 0 ||
		 (strncmp(place->text, "/proc/", 6) == 0 && number(place->text + 6, &pid) &&
		  pid == (unsigned long)getpid()))
		place_set(place, "/proc/self%s", "");
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
	int file;        /* enum view_file if its contents change, else -1 */
} listed[] = {
	{ "/proc/cpuinfo", -1 },
	{ "/proc/meminfo", VIEW_MEMINFO },
	{ "/proc/stat", VIEW_STAT },
	{ "/proc/self/status", VIEW_STATUS },
	{ "/proc/self/cpuset", -1 },
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

/* Where a normalised path lies in the tree: place becomes that; false: it is Linux's to answer. */
static bool look_up(struct view *view, struct place *place)
{
	const char *name = cgroup_file(place->text);
	size_t i;

	if (name) {
		place_set(place, CGROUP "%s", name);
		return true;
	}
	for (i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		if (strcmp(place->text, listed[i].path) != 0)
			continue;
		if (listed[i].file >= 0)
			view_refresh(view, (enum view_file)listed[i].file);
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

const char *view_rewrite(struct view *view, int dirfd, const char *path, char *buf, size_t len)
{
	struct place place = { .len = 0 };
	const char *head = "", *in_tree;
	char dir[PATH_MAX];
	int n;

	if (!*path)
		return NULL;
	if (*path != '/') {
		if (!dir_of(dirfd, dir, sizeof(dir)))
			return NULL;
		in_tree = outside(view, dir);
		if (!walk(&place, in_tree ? in_tree : dir))
			return NULL;
	} else {
		in_tree = outside(view, path);
		path = in_tree ? in_tree : path;
	}
	if (!walk(&place, path))
		return NULL;
	/* A link to the open file: it can be read, followed and opened, as Linux's own. */
	if (view->exe >= 0 && strcmp(place.text, "/proc/self/exe") == 0) {
		n = snprintf(buf, len, "/proc/self/fd/%d", view->fd[view->exe]);
		return n < 0 || (size_t)n >= len ? NULL : buf;
	}
	if (look_up(view, &place))
		head = view->root;
	else if (!in_tree)
		return NULL;
	n = snprintf(buf, len, "%s%s%s", head, place.text,
		     !place.len || (*path && ends_as_dir(path)) ? "/" : "");
	return n < 0 || (size_t)n >= len ? NULL : buf;
}
