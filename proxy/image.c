/* SPDX-License-Identifier: MIT */
/*
 * image.c - finds and checks the isle kernel's file.
 */
#include "image.h"

#include <isle/boot.h>
#include <isle/image.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
 * A build tree has proxy/ and isle-kernel/ side by side; an installed tool has no such neighbour.
 */
static bool find_beside(char *path, size_t size)
{
	char self[PATH_MAX], *slash;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length <= 0)
		return false;
	self[length] = 0;
	slash = strrchr(self, '/');
	if (!slash)
		return false;
	*slash = 0;
	snprintf(path, size, "%s/../isle-kernel/isle.elf", self);
	if (access(path, F_OK) || !realpath(path, self))
		return false;
	snprintf(path, size, "%s", self);
	return true;
}

int image_find(const char *named, char *path, size_t size, struct why *why)
{
	const char *variable = getenv("ISLE_IMAGE");

	if (!named && variable && *variable)
		named = variable;
	if (named) {
		snprintf(path, size, "%s", named);
		if (access(path, F_OK) == 0)
			return 0;
		return why_say(why, -ENOENT, "there is no isle kernel %.300s%s", path,
			       named == variable ? ", which ISLE_IMAGE names" : "");
	}
	if (find_beside(path, size))
		return 0;
	snprintf(path, size, "%s/isle.elf", PKGLIBDIR);
	if (access(path, F_OK) == 0)
		return 0;
	return why_say(
		why, -ENOENT,
		"the isle kernel is not installed: there is no %.300s; --image or ISLE_IMAGE names "
		"another",
		path);
}

int image_read(const char *path, void **bytes, size_t *size, struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = 0;
	size_t at = 0;
	int err = 0;

	if (fd < 0 || fstat(fd, &st)) {
		err = why_say(why, -errno, "%.300s cannot be read: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode) || st.st_size <= 0 ||
		   (uint64_t)st.st_size > ISLE_IMAGE_FILE_MAX) {
		err = why_say(why, -ENOEXEC, "%.300s is not an isle kernel: %s", path,
			      !S_ISREG(st.st_mode) ? "it is not a regular file"
			      : st.st_size <= 0	   ? "it is empty"
						   : "the file is too large for an isle kernel");
	} else {
		*size = (size_t)st.st_size;
		*bytes = malloc(*size);
		for (; *bytes && at < *size && (n = read(fd, (char *)*bytes + at, *size - at)) > 0;
		     at += (size_t)n)
			;
		if (!*bytes || at < *size) {
			free(*bytes);
			err = why_say(why, -EIO, "%.300s cannot be read", path);
		}
	}
	if (fd >= 0)
		close(fd);
	return err;
}

int image_check(const char *path, uint32_t platform, const char *name, struct why *why)
{
	struct isle_image image;
	const char *clause;
	void *bytes = NULL;
	size_t size = 0;
	int err;

	err = image_read(path, &bytes, &size, why);
	if (err)
		return err;
	clause = isle_image_check(bytes, size, platform, &image);
	free(bytes);
	return clause ? why_say(why, -ENOEXEC, "%.300s is not an isle kernel for %s: %s", path,
				name, clause)
		      : 0;
}

bool image_trusted(const char *path, struct why *why)
{
	struct statvfs fs;
	struct stat st;

	if (stat(path, &st) || statvfs(path, &fs))
		why_say(why, 0, "%.300s cannot be examined: %s", path, strerror(errno));
	else if (st.st_uid != 0)
		why_say(why, 0, "%.300s does not belong to root", path);
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		why_say(why, 0, "%.300s can be written by others than root", path);
	else if (fs.f_flag & ST_NOSUID)
		why_say(why, 0, "%.300s lies on a file system mounted nosuid", path);
	else
		return true;
	return false;
}
