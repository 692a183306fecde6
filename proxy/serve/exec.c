// SPDX-License-Identifier: MIT
/*
 * exec.c - execve of the program: its file, arguments and environment into the exec block, then what an exec closes.
 *
 * The isle kernel does the rest: it ends threads, takes the memory down and loads the new program, as at the start.
 * The child of a vfork executes on Linux instead (spawn.c). Arguments are copied out of the program's memory before
 * anything is done with them, by a call that answers bad addresses instead of dying of them, and only from addresses
 * below ISLE_USER_TOP: the proxy's own memory is above.
 */
#include "exec.h"

#include "caller.h"
#include "execblock.h"
#include "execfile.h"
#include "serve.h"
#include "spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <isle/exec.h>

#define STRING_MOST  (128u << 10)  /* of one argument, its NUL included: MAX_ARG_STRLEN */

/* Strings of argv or envp, and pointers to them with NULL at the end. */
struct strings {
	char *text;      /* ISLE_EXEC_SIZE bytes */
	size_t used;
	char **at;
	size_t nr, room;
};

static bool address_ours(uint64_t uva)
{
	return uva < ISLE_USER_TOP;
}

/* Copies up to len bytes of the program's memory, not over the end of a page: how many, or -EFAULT. */
static int64_t memory_read(void *to, uint64_t from, size_t len)
{
	size_t in_page = ISLE_PAGE_SIZE - (from & (ISLE_PAGE_SIZE - 1));
	struct iovec here = { to, len < in_page ? len : in_page };
	struct iovec there = { (void *)(uintptr_t)from, here.iov_len };

	if (!address_ours(from) || process_vm_readv(getpid(), &here, 1, &there, 1, 0) != (ssize_t)here.iov_len)
		return -EFAULT;
	return (int64_t)here.iov_len;
}

/* Copies all of it. 0 or -EFAULT. */
static int bytes_read(void *to, uint64_t from, size_t len)
{
	size_t done = 0;

	while (done < len) {
		int64_t got = memory_read((char *)to + done, from + done, len - done);

		if (got < 0)
			return (int)got;
		done += (size_t)got;
	}
	return 0;
}

/* Copies a string: bytes with its NUL; -EFAULT, or `longer` if it does not end within size bytes. */
static int64_t string_read(char *to, uint64_t from, size_t size, int longer)
{
	size_t done = 0;

	while (done < size) {
		int64_t got = memory_read(to + done, from + done, size - done);
		const char *end;

		if (got < 0)
			return got;
		end = memchr(to + done, 0, (size_t)got);
		if (end)
			return end - to + 1;
		done += (size_t)got;
	}
	return longer;
}

static void strings_free(struct strings *strings)
{
	free(strings->text);
	free(strings->at);
	memset(strings, 0, sizeof(*strings));
}

/* 0 or -ENOMEM; then there is nothing to free. */
static int strings_init(struct strings *strings)
{
	memset(strings, 0, sizeof(*strings));
	strings->room = 64;
	strings->text = malloc(ISLE_EXEC_SIZE);
	strings->at = calloc(strings->room, sizeof(strings->at[0]));
	if (strings->text && strings->at)
		return 0;
	strings_free(strings);
	return -ENOMEM;
}

/* One more, which lies at a place that stays. 0 or -ENOMEM. */
static int strings_add(struct strings *strings, char *text)
{
	if (strings->nr + 1 == strings->room) {
		char **more = reallocarray(strings->at, strings->room *= 2, sizeof(more[0]));

		if (!more)
			return -ENOMEM;
		strings->at = more;
	}
	strings->at[strings->nr++] = text;
	strings->at[strings->nr] = NULL;
	return 0;
}

/* Copies argv or envp; a pointer of 0 is an empty one, as on Linux. 0, -EFAULT, -E2BIG, -ENOMEM. */
static int strings_read(struct strings *strings, uint64_t vector)
{
	for (; vector; vector += sizeof(uint64_t)) {
		size_t left = ISLE_EXEC_SIZE - strings->used;
		char *at = strings->text + strings->used;
		uint64_t pointer;
		int64_t len;

		if (bytes_read(&pointer, vector, sizeof(pointer)))
			return -EFAULT;
		if (!pointer)
			break;
		len = string_read(at, pointer, left < STRING_MOST ? left : STRING_MOST, -E2BIG);
		if (len < 0)
			return (int)len;
		if (strings_add(strings, at))
			return -ENOMEM;
		strings->used += (size_t)len;
	}
	return 0;
}

/* What the exec block gets: words of #! lines in place of the first argument; never no argument at all. */
static int argv_make(struct strings *argv, const struct strings *given, const struct execfile *file)
{
	static char empty[1];
	size_t i, skip = file->nr_words && given->nr ? 1 : 0;
	int err = 0;

	for (i = 0; i < file->nr_words && !err; i++)
		err = strings_add(argv, file->word[i]);
	for (i = skip; i < given->nr && !err; i++)
		err = strings_add(argv, given->at[i]);
	return !err && !argv->nr ? strings_add(argv, empty) : err;
}

/* The path to open: what the isle's view has in its place, as for /proc/self/exe. */
static const char *path_seen(struct server *server, int dirfd, const char *path, char *buf, size_t len)
{
	const char *seen = server->view && path[0] ? view_rewrite(server->view, dirfd, path, 0, buf, len) : NULL;

	return seen ? seen : path;
}

/* Opens the file, and tells the isle kernel what to run: the handle, or -errno. */
static int64_t block_make(struct server *server, int dirfd, int flags, const char *path, const struct strings *given,
			  const struct strings *envp)
{
	struct execfile *file = malloc(sizeof(*file));
	struct strings argv;
	char seen[PATH_MAX];
	int64_t err = file ? strings_init(&argv) : -ENOMEM;
	int handle = -1;

	if (err) {
		free(file);
		return err;
	}
	err = execfile_open(file, dirfd, path_seen(server, dirfd, path, seen, sizeof(seen)), flags);
	if (!err) {
		if (path[0] == '/' || dirfd == AT_FDCWD)
			snprintf(file->name, sizeof(file->name), "%s", path);
		err = argv_make(&argv, given, file);
		handle = err ? -1 : guard_take(file->fd);
		file->fd = handle >= 0 ? -1 : file->fd;
		if (!err && handle < 0)
			err = handle;
		if (!err)
			err = execblock_fill(server->window, handle, file->name, argv.at, envp->at, 0);
		if (err && handle >= 0)
			guard_drop(handle);
		execfile_close(file);
	}
	strings_free(&argv);
	free(file);
	return err ? err : handle;
}

/* dirfd | flags << 32, path, argv, envp. As on Linux arguments are taken before the file is looked for. */
static int64_t prepare(struct server *server, const uint64_t arg[6])
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* one at a time writes the block */
	struct strings argv, envp;
	char path[PATH_MAX];
	int64_t err = string_read(path, arg[1], sizeof(path), -ENAMETOOLONG);
	int no_memory;

	if (err < 0)
		return err;
	if (err == 1 && !(arg[0] >> 32 & AT_EMPTY_PATH))
		return -ENOENT;
	no_memory = strings_init(&argv);
	no_memory |= strings_init(&envp);
	err = no_memory ? -ENOMEM : strings_read(&argv, arg[2]);
	if (!err)
		err = strings_read(&envp, arg[3]);
	if (!err) {
		pthread_mutex_lock(&lock);
		err = block_make(server, (int)(uint32_t)arg[0], (int)(arg[0] >> 32), path, &argv, &envp);
		pthread_mutex_unlock(&lock);
	}
	strings_free(&argv);
	strings_free(&envp);
	return err;
}

/* An interpreter: its name is the program's, so is the view of it. */
static int64_t file_open(uint64_t uva)
{
	char path[PATH_MAX];
	int64_t got = string_read(path, uva, sizeof(path), -ENAMETOOLONG);
	int fd, handle;

	if (got < 0)
		return got;
	fd = execfile_open_one(AT_FDCWD, path, 0);
	if (fd < 0)
		return fd;
	handle = guard_take(fd);
	if (handle < 0)
		close(fd);
	return handle;
}

/* Descriptors marked close-on-exec go, but for the proxy's own. 0 or -errno. */
static int64_t descriptors_close(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name), flags;

		if (entry->d_name[0] == '.' || fd == dirfd(dir) || guard_owns(fd))
			continue;
		flags = fcntl(fd, F_GETFD);
		if (flags >= 0 && (flags & FD_CLOEXEC))
			close(fd);
	}
	closedir(dir);
	return 0;
}

/* The program's threads are gone but for the one that calls. */
static int64_t done(struct server *server, uint64_t handle)
{
	struct view *view = server->view;

	if (!guard_owns((int)handle))
		return -EBADF;
	/* Over the old one, whose number stays hidden. */
	if (view && view->exe >= 0 && dup3((int)handle, view->fd[view->exe], O_CLOEXEC) < 0)
		return -errno;
	return descriptors_close();
}

/* The path of a child's exec; /proc/self/exe is the program there, not the proxy, which the child would name. */
static uint64_t child_path(struct server *server, struct view_scratch *scratch, uint64_t uva)
{
	static const char self[] = "/proc/self/exe";
	char text[sizeof(self)] = "", found[64];

	if (!server->view || string_read(text, uva, sizeof(text), -ENAMETOOLONG) != sizeof(self) ||
	    memcmp(text, self, sizeof(text)) != 0 ||
	    !view_rewrite(server->view, AT_FDCWD, self, 0, found, sizeof(found)))
		return uva;
	/* What was found is a descriptor of the proxy's, which the child has closed. */
	snprintf(scratch->path, sizeof(scratch->path), "/proc/%d%s", (int)getpid(), found + strlen("/proc/self"));
	return (uintptr_t)scratch->path;
}

static int64_t child_exec(struct server *server, struct caller *caller, const uint64_t arg[6], uint32_t *done_flags)
{
	uint64_t own[6];

	if (!address_ours(arg[1]) || !address_ours(arg[2]) || !address_ours(arg[3]))
		return -EFAULT;
	memcpy(own, arg, sizeof(own));
	own[1] = child_path(server, &caller->scratch, arg[1]);
	return spawn_call(server, &caller->spawn, ISLE_CALL_EXEC, own, done_flags);
}

bool exec_call(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6], uint32_t *done_flags,
	       int64_t *result)
{
	switch (nr) {
	case ISLE_CALL_EXEC:
		*result = caller->spawn ? child_exec(server, caller, arg, done_flags) : prepare(server, arg);
		return true;
	case ISLE_CALL_EXEC_FILE:
		*result = file_open(arg[0]);
		return true;
	case ISLE_CALL_EXEC_DONE:
		*result = done(server, arg[0]);
		return true;
	default:
		return false;
	}
}
