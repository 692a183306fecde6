// SPDX-License-Identifier: MIT
/*
 * calls.c - finds the path among a call's arguments, and replaces it if the view answers it.
 *
 * Where a call has its path is in abi/isle/syscalls.def: the first string it reads. A number of a
 * descriptor just before it is the directory to start from. Only calls that look are listed here;
 * one that changes something goes to Linux with the path as it stands, but for a thread's name (names.c).
 */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

/* Reads a string up to its NUL, page by page because what follows it may not be mapped. */
static bool program_string(char text[PATH_MAX], uint64_t from)
{
	size_t done = 0;

	while (done < PATH_MAX) {
		size_t part = ISLE_PAGE_SIZE - ((from + done) & (ISLE_PAGE_SIZE - 1));

		if (part > PATH_MAX - done)
			part = PATH_MAX - done;
		if (!view_peek(text + done, from + done, part))
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
	return arg[3] >= sizeof(how) && view_peek(&how, arg[2], sizeof(how)) &&
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

/* For writing, a thread's name can be opened too. */
static bool opens(uint32_t nr)
{
	return nr == SYS_open || nr == SYS_openat || nr == SYS_openat2;
}

/* What the call has in place of its path; NULL: its own is right, or scratch->wants says that it cannot be told. */
static const char *take_path(struct view *view, uint32_t nr, int path, const uint64_t arg[6],
			     struct view_scratch *scratch)
{
	bool looks = only_looks(nr, arg);
	struct view_look look;
	const char *to;

	if (!arg[path] || (!looks && !opens(nr)) || !program_string(scratch->text, arg[path]))
		return NULL;
	to = view_resolve(view, directory_argument(nr, path, arg), scratch->text, scratch->tid, &look,
			  scratch->path, sizeof(scratch->path));
	/* A child that is about to become another program has no clerk: it sees Linux's files. */
	if (!to || (!looks && look.file != VIEW_SELF_COMM) || view->owner != getpid())
		return NULL;
	if (look.file != VIEW_CONSTANT && !scratch->report) {
		scratch->wants = ISLE_DONE_F_REPORT | (look.file == VIEW_SELF_MAPS ? ISLE_DONE_F_REGIONS : 0);
		return NULL;
	}
	if (look.file != VIEW_CONSTANT)
		view_refresh(view, &look, scratch->report);
	scratch->opens_name = !looks;
	return to;
}

bool view_call(struct view *view, uint32_t nr, uint64_t arg[6], struct view_scratch *scratch)
{
	int path = path_argument(nr);
	const char *to;
	bool taken;

	scratch->wants = 0;
	scratch->opens_name = scratch->is_named = false;
	view_names_call(view, nr, arg, scratch);
	view_listing_call(nr, arg, scratch);
	to = path < 0 ? NULL : take_path(view, nr, path, arg, scratch);
	free(scratch->report);
	scratch->report = NULL;
	if (scratch->wants)
		return false;
	taken = take_answer(nr, arg, scratch);
	if (!to)
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

	if (result >= 0)
		view_names_answer(view, result, scratch);
	if (result > 0)
		result = view_listing_answer(view, nr, result, scratch);
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
	return view_poke(scratch->buffer, text, len) ? (int64_t)len : -EFAULT;
}
