// SPDX-License-Identifier: MIT
/*
 * tree.c - the private directory of a view: made, filled, removed, and cleaned up after the dead.
 *
 * The directory is named after the process and locked by it. Whoever comes next removes directories
 * whose process is gone and whose lock is free; the lock decides where process numbers mislead, as
 * between containers that share /dev/shm.
 */
#include "inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME  "isle-view."

static void failed(struct view *view, int err)
{
	if (!view->err)
		view->err = err;
}

void view_dir(struct view *view, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	if (!view->err && mkdirat(view->fd[0], path, 0755))
		failed(view, -errno);
}

void view_put_text(struct view *view, const char *path, const char *text, size_t len)
{
	int fd;

	if (view->err)
		return;
	fd = openat(view->fd[0], path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0) {
		failed(view, -errno);
		return;
	}
	if (len && write(fd, text, len) != (ssize_t)len)
		failed(view, -ENOSPC);
	close(fd);
}

void view_put(struct view *view, const char *path, const char *format, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0 || len >= (int)sizeof(text))
		failed(view, -EOVERFLOW);
	else
		view_put_text(view, path, text, (size_t)len);
}

void view_same(struct view *view, const char *from, const char *to)
{
	if (!view->err && linkat(view->fd[0], from, view->fd[0], to, 0))
		failed(view, -errno);
}

void view_link(struct view *view, const char *target, const char *path)
{
	if (!view->err && symlinkat(target, view->fd[0], path))
		failed(view, -errno);
}

void view_hold(struct view *view, int fd)
{
	if (fd < 0)
		failed(view, fd);
	else
		view->fd[view->nr_fds++] = fd;
}

char *view_read_fd(int fd, size_t *len, int *err)
{
	size_t room = 16384, n = 0;
	char *text = malloc(room);

	while (text) {
		ssize_t got = pread(fd, text + n, room - n - 1, (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			*err = -errno;
			free(text);
			return NULL;
		}
		n += (size_t)got;
		text[n] = 0;
		if (got == 0) {
			*len = n;
			return text;
		}
		if (n + 1 == room) {
			char *more = realloc(text, room *= 2);

			if (!more)
				free(text);
			text = more;
		}
	}
	*err = -ENOMEM;
	return NULL;
}

char *view_read_path(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	char *text = fd < 0 ? NULL : view_read_fd(fd, len, &err);

	if (fd >= 0)
		close(fd);
	return text;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path) && errno != ENOENT;
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Removes base/name if it is ours, its process is gone and nobody holds its lock. */
static void sweep_one(const char *base, const char *name)
{
	char path[PATH_MAX], *end;
	long pid = strtol(name + strlen(NAME), &end, 10);
	struct stat st;
	int fd;

	if (*end != '.' || pid <= 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
		return;
	if (snprintf(path, sizeof(path), "%s/%s", base, name) >= (int)sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_tree(path);
	close(fd);
}

static void sweep(const char *base)
{
	DIR *dir = opendir(base);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, NAME, strlen(NAME)) == 0)
			sweep_one(base, entry->d_name);
	if (dir)
		closedir(dir);
}

static const char *default_dir(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");

	if (access("/dev/shm", W_OK | X_OK) == 0)
		return "/dev/shm";
	return run && run[0] == '/' && access(run, W_OK | X_OK) == 0 ? run : "/tmp";
}

/* Makes the root, says so at once, because who is killed removes nothing, and takes its lock. */
static int root_make(struct view *view, const char *dir)
{
	char name[PATH_MAX], *base = realpath(dir ? dir : default_dir(), NULL);
	int fd, len;

	if (!base)
		return -errno;
	sweep(base);
	len = snprintf(name, sizeof(name), "%s/" NAME "%d.XXXXXX", base, (int)getpid());
	free(base);
	if (len >= (int)sizeof(name))
		return -ENAMETOOLONG;
	if (!mkdtemp(name))
		return -errno;
	if (view->machine.made)
		view->machine.made(name);
	view->root = strdup(name);
	fd = view->root ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) {
		fd = view->root ? -errno : -ENOMEM;
		rmdir(name);
		return fd;
	}
	flock(fd, LOCK_SH);
	view->root_len = (size_t)len;
	view->owner = getpid();
	view_hold(view, fd);
	return 0;
}

static int cpu_compare(const void *a, const void *b)
{
	const struct view_cpu *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

/* Numbers that the tables and masks can hold. */
static bool machine_valid(const struct view_machine *m)
{
	uint32_t i;

	if (!m->nr_cpus || m->nr_cpus > ISLE_MAX_CPUS ||
	    !m->nr_nodes || m->nr_nodes > ISLE_MAX_NODES || m->nr_caches > VIEW_MAX_CACHES)
		return false;
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].cpu >= CPUSET_MAX)
			return false;
	for (i = 0; i < m->nr_nodes; i++)
		if (m->node[i].node >= CPUSET_MAX)
			return false;
	return true;
}

/* Files of the machine that change, as they are before the isle runs: HWLOC_FSROOT may lead here. */
static int files_first(struct view *view)
{
	struct view_look look = { .file = VIEW_MEMINFO };
	int err = view_refresh(view, &look, NULL);

	look.file = VIEW_STAT;
	return err ? err : view_refresh(view, &look, NULL);
}

int view_create(struct view **out, const struct view_machine *machine, const char *dir)
{
	mode_t mask = umask(022); /* the tree must be readable whatever the user prefers */
	struct view *view = calloc(1, sizeof(*view));
	int err = !view ? -ENOMEM : !machine_valid(machine) ? -EINVAL : 0;
	long conf = sysconf(_SC_NPROCESSORS_CONF);

	if (!err) {
		view->machine = *machine;
		qsort(view->machine.cpu, machine->nr_cpus, sizeof(machine->cpu[0]), cpu_compare);
		view->mask_bits = view->machine.cpu[machine->nr_cpus - 1].cpu + 1;
		if (conf > (long)view->mask_bits && conf <= (long)CPUSET_MAX)
			view->mask_bits = (unsigned int)conf;
		err = root_make(view, dir);
	}
	if (!err) {
		view_write_cpus(view);
		view_write_nodes(view);
		view_write_cgroup(view);
		view_write_proc(view);
		err = view->err;
	}
	umask(mask);
	if (!err)
		err = view_clerk_start(view);
	if (!err)
		err = files_first(view);
	if (err) {
		view_destroy(view);
		return err;
	}
	*out = view;
	return 0;
}

void view_destroy(struct view *view)
{
	unsigned int i;

	if (!view)
		return;
	view_clerk_end(view);
	if (view->nr_fds && view->owner == getpid())
		remove_tree(view->root);
	for (i = 0; i < view->nr_fds; i++)
		close(view->fd[i]);
	free(view->root);
	free(view);
}

int view_move_fds(struct view *view, int (*take)(int fd))
{
	unsigned int i;

	for (i = 0; i < view->nr_fds; i++) {
		int fd = take(view->fd[i]);

		if (fd < 0)
			return fd;
		view->fd[i] = fd;
	}
	return 0;
}
