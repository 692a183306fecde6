// SPDX-License-Identifier: MIT
/*
 * listing.c - takes the proxy's own descriptors out of lists of /proc/self/fd.
 *
 * The lists are Linux's, of this moment and with Linux's positions; entries with the number of a hidden
 * descriptor are left out of what the call has put into the program's buffer.
 */
#include "inner.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BUFFER_MOST  (1u << 20)

/* True for /proc/PID/fd, .../fdinfo and those of its tasks, of this process. */
static bool lists_descriptors(int dirfd)
{
	char link[64], path[128], want[32];
	ssize_t len;
	char *last;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		return false;
	path[len] = 0;
	len = snprintf(want, sizeof(want), "/proc/%d/", (int)getpid());
	last = strrchr(path, '/');
	return strncmp(path, want, (size_t)len) == 0 && (strcmp(last, "/fd") == 0 || strcmp(last, "/fdinfo") == 0);
}

void view_listing_call(uint32_t nr, const uint64_t arg[6], struct view_scratch *scratch)
{
	scratch->listing[1] = 0;
	if ((nr == SYS_getdents64 || nr == SYS_getdents) && lists_descriptors((int)arg[0]))
		memcpy(scratch->listing, arg, sizeof(scratch->listing));
}

/* Where the parts of an entry lie: getdents64 has its type before the name, getdents at the end. */
static bool entry_at(uint32_t nr, const char *buf, size_t left, size_t *len, const char **name)
{
	size_t head = nr == SYS_getdents64 ? 19 : 18;
	uint16_t reclen;

	if (left < head)
		return false;
	memcpy(&reclen, buf + 16, sizeof(reclen));
	*len = reclen;
	*name = buf + head;
	return reclen > head && reclen <= left && memchr(*name, 0, reclen - head);
}

/* Moves what may be seen to the front; how many bytes it is. */
static size_t entries_keep(const struct view *view, uint32_t nr, char *buf, size_t size)
{
	size_t at, len, kept = 0;
	const char *name;

	for (at = 0; entry_at(nr, buf + at, size - at, &len, &name); at += len) {
		if (*name >= '0' && *name <= '9' && view->machine.hidden(atoi(name)))
			continue;
		memmove(buf + kept, buf + at, len);
		kept += len;
	}
	return kept;
}

int64_t view_listing_answer(struct view *view, uint32_t nr, int64_t result, struct view_scratch *scratch)
{
	char *buf;
	size_t kept = 0;

	if (!scratch->listing[1] || !view->machine.hidden || result > BUFFER_MOST)
		return result;
	buf = malloc((size_t)result);
	if (!buf)
		return -ENOMEM;
	while (result > 0 && view_peek(buf, scratch->listing[1], (size_t)result)) {
		int64_t more;

		kept = entries_keep(view, nr, buf, (size_t)result);
		if (kept) {
			result = view_poke(scratch->listing[1], buf, kept) ? (int64_t)kept : -EFAULT;
			break;
		}
		/* Nothing to be seen among these; an empty answer would mean the end. */
		more = syscall(nr, scratch->listing[0], scratch->listing[1], scratch->listing[2]);
		if (more > result) {
			char *larger = realloc(buf, (size_t)more);

			if (!larger) {
				more = -ENOMEM;
				break;
			}
			buf = larger;
		}
		result = more < 0 ? -errno : more;
	}
	free(buf);
	return result;
}
