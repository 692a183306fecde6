// SPDX-License-Identifier: MIT
/*
 * calls.c - finds the path among a call's arguments, and replaces it if the view answers it.
 *
 * Where a call has its path is in abi/isle/syscalls.def: the first string it reads. A number of a
 * descriptor just before it is the directory to start from. Only calls that look are listed here;
 * one that changes something goes to Linux with the path as it stands.
 */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct path_row {
	const char *format;
	uint8_t buffers[4];   /* numbers of the arguments that are strings, plus 1; others 0 */
};

/* Buffers that are no strings are of no interest here. */
#define S(a)         (a) + 1
#define A(a, n)     0
#define R(a, n)     0
#define W(a, n)     0
#define RC(a, c)    0
#define WC(a, c)    0
#define RX(a, n, c) 0
#define WX(a, n, c) 0
#define RV(a, n)    0
#define WV(a, n)    0
#define RM(a)       0
#define WM(a)       0
#define RMM(a, n)   0
#define WMM(a, n)   0
#define WL(a, p)    0

#define LEAF(nr, call, fmt)
#define LOCAL(nr, call, fmt)
#define BOTH(nr, call, fmt)
#define NOSYS(nr, call, fmt)
#define FORWARD(nr, call, fmt, ...) [nr] = { fmt, { __VA_ARGS__ } },

static const struct path_row rows[] = {
#include <isle/syscalls.def>
};

/* The argument that is the path of a call that only looks, or -1. */
static int path_argument(uint32_t nr)
{
	switch (nr) {
	case SYS_open: case SYS_openat: case SYS_openat2:
	case SYS_stat: case SYS_lstat: case SYS_newfstatat: case SYS_statx:
	case SYS_access: case SYS_faccessat: case SYS_faccessat2:
	case SYS_readlink: case SYS_readlinkat: case SYS_chdir: case SYS_statfs:
	case SYS_getxattr: case SYS_lgetxattr: case SYS_listxattr: case SYS_llistxattr:
	case SYS_inotify_add_watch: case SYS_name_to_handle_at:
		return rows[nr].buffers[0] - 1;
	default:
		return -1;
	}
}

static int directory_argument(uint32_t nr, int path, const uint64_t arg[6])
{
	/* The number before this one's path is that of the watcher. */
	if (nr == SYS_inotify_add_watch || path == 0 || rows[nr].format[path - 1] != 'd')
		return AT_FDCWD;
	return (int)arg[path - 1];
}

/* Moves bytes between a program's address and us; false if not all of them are there. */
static bool program_read(void *to, uint64_t from, size_t len)
{
	struct iovec here = { to, len }, there = { (void *)(uintptr_t)from, len };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)len;
}

static bool program_write(uint64_t to, void *from, size_t len)
{
	struct iovec here = { from, len }, there = { (void *)(uintptr_t)to, len };

	return process_vm_writev(getpid(), &here, 1, &there, 1, 0) == (ssize_t)len;
}

/* Reads a string up to its NUL, page by page because what follows it may not be mapped. */
static bool program_string(char text[PATH_MAX], uint64_t from)
{
	size_t done = 0;

	while (done < PATH_MAX) {
		size_t part = ISLE_PAGE_SIZE - ((from + done) & (ISLE_PAGE_SIZE - 1));

		if (part > PATH_MAX - done)
			part = PATH_MAX - done;
		if (!program_read(text + done, from + done, part))
			return false;
		if (memchr(text + done, 0, part))
			return true;
		done += part;
	}
	return false;
}

static bool flags_look(uint64_t flags)
{
	return (flags & O_PATH) ||
	       ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC)));
}

/* True unless the call would open for changing, or in a way that another root would defeat. */
static bool only_looks(uint32_t nr, const uint64_t arg[6])
{
	struct open_how how;

	if (nr == SYS_open)
		return flags_look(arg[1]);
	if (nr == SYS_openat)
		return flags_look(arg[2]);
	if (nr != SYS_openat2)
		return true;
	return arg[3] >= sizeof(how) && program_read(&how, arg[2], sizeof(how)) &&
	       flags_look(how.flags) &&
	       !(how.resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_NO_XDEV));
}

/* A file system is asked for what it is, and the view is none: any path on the real one will do. */
static void keep_mount(struct view *view, char *path)
{
	char *rest;

	if (strncmp(path, view->root, view->root_len) != 0)
		return;
	rest = path + view->root_len;
	memmove(path, rest, strlen(rest) + 1);
	rest = strncmp(path, "/sys/fs/cgroup/", 15) ? strchr(path + 1, '/') : strrchr(path, '/');
	if (rest)
		*rest = 0;
}

/*
 * A call that answers with a path writes it to us first: it may name the tree, and then what the
 * program gets is shorter than what Linux says.
 */
static bool take_answer(uint32_t nr, uint64_t arg[6], struct view_scratch *scratch)
{
	int buffer = nr == SYS_getcwd ? 0 : nr == SYS_readlink ? 1 : nr == SYS_readlinkat ? 2 : -1;

	scratch->buffer = 0;
	if (buffer < 0 || !arg[buffer] || (nr != SYS_getcwd && (int)arg[buffer + 1] <= 0))
		return false;
	scratch->buffer = arg[buffer];
	scratch->size = nr == SYS_getcwd ? arg[buffer + 1] : (uint32_t)arg[buffer + 1];
	arg[buffer] = (uint64_t)(uintptr_t)scratch->answer;
	arg[buffer + 1] = sizeof(scratch->answer) - 1;
	return true;
}

bool view_call(struct view *view, uint32_t nr, uint64_t arg[6], struct view_scratch *scratch)
{
	bool taken = take_answer(nr, arg, scratch);
	int path = path_argument(nr);

	if (path < 0 || !arg[path] || !only_looks(nr, arg) ||
	    !program_string(scratch->text, arg[path]))
		return taken;
	if (!view_rewrite(view, directory_argument(nr, path, arg), scratch->text, scratch->path,
			  sizeof(scratch->path)))
		return taken;
	if (nr == SYS_statfs)
		keep_mount(view, scratch->path);
	arg[path] = (uint64_t)(uintptr_t)scratch->path;
	return true;
}

int64_t view_answer(struct view *view, uint32_t nr, int64_t result, struct view_scratch *scratch)
{
	char *text = scratch->answer, *rest = text + view->root_len;
	uint64_t len;

	if (!scratch->buffer || result < 0 || result >= (int64_t)sizeof(scratch->answer))
		return result;
	text[result] = 0;
	if (strncmp(text, view->root, view->root_len) == 0 && (*rest == '/' || !*rest))
		text = *rest ? rest : strcpy(rest, "/");
	/* getcwd counts its NUL and wants all of it to fit; readlink does neither. */
	len = strlen(text) + (nr == SYS_getcwd);
	if (len > scratch->size && nr == SYS_getcwd)
		return -ERANGE;
	if (len > scratch->size)
		len = scratch->size;
	return program_write(scratch->buffer, text, len) ? (int64_t)len : -EFAULT;
}
