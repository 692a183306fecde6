// SPDX-License-Identifier: MIT
/*
 * names.c - a thread's name, written to its comm file.
 *
 * pthread_setname_np(3) does that for a thread that is not the caller's. The file is one of the tree, and writing to
 * it changes nothing there that matters; but the write is seen, and the isle is told the name. Descriptors that
 * were opened so are remembered; whether one still is what it was is asked at each write, so closing and
 * duplicating need not be followed.
 */
#include "inner.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool remembered(struct view *view, int fd)
{
	unsigned int i;

	for (i = 0; i < VIEW_MAX_COMM; i++)
		if (atomic_load_explicit(&view->comm[i], memory_order_relaxed) == fd + 1)
			return true;
	return false;
}

/* The oldest ones are forgotten: such a descriptor is closed right after the write. */
static void remember(struct view *view, int fd)
{
	static unsigned int next;

	if (!remembered(view, fd))
		view->comm[__atomic_fetch_add(&next, 1, __ATOMIC_RELAXED) % VIEW_MAX_COMM] = fd + 1;
}

static void forget(struct view *view, int fd)
{
	unsigned int i;

	for (i = 0; i < VIEW_MAX_COMM; i++)
		if (view->comm[i] == fd + 1)
			view->comm[i] = 0;
}

void view_names_call(struct view *view, uint32_t nr, const uint64_t arg[6], struct view_scratch *scratch)
{
	scratch->name_at = 0;
	if ((nr != SYS_write && nr != SYS_pwrite64) || !remembered(view, (int)arg[0]))
		return;
	scratch->fd = (int)arg[0];
	scratch->name_at = arg[1];
}

/* Whose comm file the descriptor is: true, and *tid (0: the process's). */
static bool owner_find(const struct view *view, int fd, uint32_t *tid)
{
	char link[64], path[PATH_MAX];
	ssize_t len;
	int at = 0;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < (ssize_t)view->root_len || strncmp(path, view->root, view->root_len) != 0)
		return false;
	path[len] = 0;
	*tid = 0;
	/* Written again since it was opened, it is "(deleted)". */
	if (strncmp(path + view->root_len, "/proc/self/comm", 15) == 0)
		return true;
	return sscanf(path + view->root_len, "/proc/self/task/%u/comm%n", tid, &at) == 1 && at;
}

void view_names_answer(struct view *view, int64_t result, struct view_scratch *scratch)
{
	size_t len = result > 15 ? 15 : (size_t)result;

	if (scratch->opens_name)
		remember(view, (int)result);
	if (!scratch->name_at)
		return;
	memset(scratch->name, 0, sizeof(scratch->name));
	if (!owner_find(view, scratch->fd, &scratch->named))
		forget(view, scratch->fd);
	else
		scratch->is_named = view_peek(scratch->name, scratch->name_at, len);
}
