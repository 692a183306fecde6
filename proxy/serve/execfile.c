// SPDX-License-Identifier: MIT
/*
 * execfile.c - path names, rights and #! lines, as Linux's execve has them (fs/exec.c, fs/binfmt_script.c).
 *
 * One thing is wanted that Linux does not want: the right to read the file, for the isle kernel loads it through
 * the proxy's eyes. Set-user-ID bits do nothing.
 */
#include "execfile.h"

#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE  256u   /* of a script that Linux looks at (BINPRM_BUF_SIZE) */

/* A descriptor that only names the file. */
static int name_open(int dirfd, const char *path, int flags)
{
	int how = O_PATH | O_CLOEXEC | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), fd;

	if (path[0] != '/' && dirfd != AT_FDCWD && guard_owns(dirfd))
		return -EBADF;
	if (path[0] || !(flags & AT_EMPTY_PATH))
		fd = openat(dirfd, path, how);
	else
		fd = dirfd == AT_FDCWD ? open(".", how) : fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

/*
 * True if somebody has the file open for writing: Linux refuses to lend it then (fcntl(2), F_SETLEASE). It lends to the
 * file's owner and to the privileged only; to others the file is what it is. Who opens it for writing in the moment in
 * between waits until it is given back, and the signal about him is one that does nothing by itself.
 */
static bool is_written(int fd)
{
	bool written;

	if (fcntl(fd, F_SETSIG, SIGURG))
		return false;
	written = fcntl(fd, F_SETLEASE, F_RDLCK) && errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return written;
}

int execfile_open_one(int dirfd, const char *path, int flags)
{
	int at = name_open(dirfd, path, flags), fd = -1, err = 0;
	char again[32];
	struct stat st;

	if (at < 0)
		return at;
	if (fstat(at, &st))
		err = -errno;
	else if (S_ISLNK(st.st_mode))
		err = -ELOOP;
	else if (!S_ISREG(st.st_mode) || faccessat(at, "", X_OK, AT_EACCESS | AT_EMPTY_PATH))
		err = -EACCES;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", at);
	if (!err)
		fd = open(again, O_RDONLY | O_CLOEXEC);
	if (!err && fd < 0)
		err = -errno;
	if (!err && is_written(fd)) {
		err = -ETXTBSY;
		close(fd);
	}
	close(at);
	return err ? err : fd;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Takes a #! line apart: true if it is one; *name is NULL if it names nothing, or has no end in what is looked at. head
 * has HEAD_SIZE bytes and a NUL.
 */
static bool script_parse(char *head, char **name, char **arg)
{
	char *end = memchr(head, '\n', HEAD_SIZE), *at = head + 2;

	*name = *arg = NULL;
	if (head[0] != '#' || head[1] != '!')
		return false;
	at += strspn(at, " \t");
	if (!end) {
		/* A line that goes on is fine as long as the name ends in time. */
		end = head + HEAD_SIZE - 1;
		if (at >= end || strcspn(at, " \t") >= (size_t)(end - at))
			return true;
	}
	while (end > head + 2 && blank(end[-1]))
		end--;
	*end = 0;
	if (at >= end || !*at)
		return true;
	*name = at;
	at += strcspn(at, " \t");
	if (*at) {
		*at++ = 0;
		at += strspn(at, " \t");
		*arg = *at ? at : NULL;
	}
	return true;
}

/* Puts words in front of those that are there. 0 or -ENOMEM. */
static int words_put(struct execfile *file, const char *const words[], unsigned int nr)
{
	unsigned int i;

	memmove(file->word + nr, file->word, file->nr_words * sizeof(file->word[0]));
	memset(file->word, 0, nr * sizeof(file->word[0]));
	file->nr_words += nr;
	for (i = 0; i < nr; i++) {
		file->word[i] = strdup(words[i]);
		if (!file->word[i])
			return -ENOMEM;
	}
	return 0;
}

/* If the file is a script: its interpreter instead. 1, or 0 if it is none, or -errno. */
static int script_follow(struct execfile *file)
{
	char head[HEAD_SIZE + 1] = "", *name, *arg;
	const char *words[3];
	unsigned int nr = 0;
	int fd, err;

	if (pread(file->fd, head, HEAD_SIZE, 0) < 0)
		return -errno;
	if (!script_parse(head, &name, &arg))
		return 0;
	if (!name)
		return -ENOEXEC;
	words[nr++] = name;
	if (arg)
		words[nr++] = arg;
	/* The script itself, once: an interpreter that is a script is there as the name that was put here for it. */
	if (!file->nr_words)
		words[nr++] = file->name;
	err = words_put(file, words, nr);
	if (err)
		return err;
	fd = execfile_open_one(AT_FDCWD, name, 0);
	if (fd < 0)
		return fd;
	close(file->fd);
	file->fd = fd;
	return 1;
}

/* What the program is told as its name (fs/exec.c, alloc_bprm). */
static int name_make(struct execfile *file, int dirfd, const char *path)
{
	int len;

	if (dirfd == AT_FDCWD || path[0] == '/')
		len = snprintf(file->name, sizeof(file->name), "%s", path);
	else
		len = snprintf(file->name, sizeof(file->name), "/dev/fd/%d%s%s", dirfd, *path ? "/" : "", path);
	return len >= (int)sizeof(file->name) ? -ENAMETOOLONG : 0;
}

int execfile_open(struct execfile *file, int dirfd, const char *path, int flags)
{
	bool by_fd = dirfd != AT_FDCWD && path[0] != '/';
	unsigned int scripts = 0;
	int err, fd_flags;

	memset(file, 0, sizeof(*file));
	file->fd = -1;
	err = name_make(file, dirfd, path);
	if (err)
		return err;
	file->fd = execfile_open_one(dirfd, path, flags);
	err = file->fd < 0 ? file->fd : script_follow(file);
	/* An interpreter could not open the name: the descriptor in it will be closed. */
	fd_flags = by_fd && err == 1 ? fcntl(dirfd, F_GETFD) : 0;
	if (fd_flags > 0 && (fd_flags & FD_CLOEXEC))
		err = -ENOENT;
	while (err == 1) {
		if (++scripts > EXECFILE_SCRIPTS)
			err = -ELOOP;
		else
			err = script_follow(file);
	}
	if (err)
		execfile_close(file);
	return err;
}

void execfile_close(struct execfile *file)
{
	unsigned int i;

	for (i = 0; i < file->nr_words; i++)
		free(file->word[i]);
	file->nr_words = 0;
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}
