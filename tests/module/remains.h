/* SPDX-License-Identifier: MIT */
/*
 * remains.h - what ended programs and proxies have left on Linux.
 */
#ifndef REMAINS_H
#define REMAINS_H

#include <sys/types.h>

/* Processes of a session, or all (0); those of this name, or all (NULL). Sends them a signal, unless it is 0. */
unsigned int processes(pid_t session, const char *name, int signo);
/* Files of /dev/shm whose names begin so, each told. Others are the programs', and are removed. */
unsigned int shm_files(const char *prefix);
/* Open files of the device, of anybody. */
unsigned int device_files(void);
/* Removes a directory with all that is in it. */
void remove_tree(const char *path);

#endif
