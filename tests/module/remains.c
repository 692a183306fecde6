// SPDX-License-Identifier: MIT
/*
 * remains.c - looks through /proc and /dev/shm for what ended programs and proxies have left.
 */
#include "remains.h"

#include "isle.h"
#include "world.h"

#include <dirent.h>
#include <ftw.h>

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	remove(path);
	return 0;
}

void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

unsigned int processes(pid_t session, const char *name, int signo)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	unsigned int n = 0;

	while (proc && (entry = readdir(proc))) {
		char path[64], text[512], *comm, *rest;
		int sid;

		snprintf(path, sizeof(path), "/proc/%.32s/stat", entry->d_name);
		if (atoi(entry->d_name) <= 0 || !*file_text(path, text, sizeof(text)))
			continue;
		comm = strchr(text, '(');
		rest = strrchr(text, ')');
		if (!comm || !rest || sscanf(rest + 1, " %*c %*d %*d %d", &sid) != 1)
			continue;
		*rest = 0;
		if ((session && sid != session) || (name && strcmp(comm + 1, name)))
			continue;
		n++;
		if (signo)
			kill(atoi(entry->d_name), signo);
	}
	if (proc)
		closedir(proc);
	return n;
}

unsigned int shm_files(const char *prefix)
{
	struct dirent *entry;
	DIR *dir = opendir("/dev/shm");
	unsigned int n = 0;

	while (dir && (entry = readdir(dir))) {
		char path[sizeof("/dev/shm/") + sizeof(entry->d_name)];

		if (entry->d_name[0] == '.')
			continue;
		if (!strncmp(entry->d_name, prefix, strlen(prefix))) {
			n++;
			note("left in /dev/shm: %s", entry->d_name);
			continue;
		}
		snprintf(path, sizeof(path), "/dev/shm/%s", entry->d_name);
		remove_tree(path);
	}
	if (dir)
		closedir(dir);
	return n;
}

unsigned int device_files(void)
{
	char path[300], link[64];
	struct dirent *entry, *file;
	DIR *proc = opendir("/proc"), *fds;
	unsigned int n = 0;
	ssize_t len;

	while (proc && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%.32s/fd", entry->d_name);
		fds = atoi(entry->d_name) > 0 ? opendir(path) : NULL;
		while (fds && (file = readdir(fds))) {
			snprintf(path, sizeof(path), "/proc/%.32s/fd/%.32s", entry->d_name, file->d_name);
			len = readlink(path, link, sizeof(link) - 1);
			link[len > 0 ? len : 0] = 0;
			n += !strcmp(link, ISLE_DEVICE);
		}
		if (fds)
			closedir(fds);
	}
	if (proc)
		closedir(proc);
	return n;
}
