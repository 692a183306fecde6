/* SPDX-License-Identifier: MIT */
/*
 * execfile.h - finds the file that an exec runs: the program itself, or behind #! lines its interpreter.
 */
#ifndef SERVE_EXECFILE_H
#define SERVE_EXECFILE_H

#include <limits.h>

/* Linux follows so many #! lines in a row (fs/exec.c, exec_binprm); each may put three words in front. */
#define EXECFILE_SCRIPTS  5u

struct execfile {
	int fd;                   /* open for reading, close-on-exec; -1: none */
	char name[PATH_MAX + 32]; /* as the program is told (AT_EXECFN), whatever #! lines said */
	char *word[2 * EXECFILE_SCRIPTS + 3]; /* what stands in place of the first argument */
	unsigned int nr_words;    /* 0: it is no script, the first argument stays */
};

/*
 * Opens what execveat(dirfd, path, flags) would run. name is path, unless dirfd makes it another one. Returns 0, or
 * -errno as execveat: -ENOENT, -EACCES, -ENOEXEC for a #! line without a name, -ELOOP for too many, ... Whether the
 * file is a program at all is not looked at. To be closed when it is 0.
 */
int execfile_open(struct execfile *file, int dirfd, const char *path, int flags);
/* Opens one file as a program or interpreter is opened: a regular one that may be executed and read. -errno. */
int execfile_open_one(int dirfd, const char *path, int flags);
/* Frees all, and closes fd unless that is -1 by now. */
void execfile_close(struct execfile *file);

#endif
