/* SPDX-License-Identifier: MIT */
/*
 * janitor.h - removes this process's files when it is killed.
 *
 * A launcher ends ranks by SIGKILL, and no process can tidy up after that. So a small process of its own
 * waits for the end of this one.
 */
#ifndef PROXY_JANITOR_H
#define PROXY_JANITOR_H

/* Starts it; before any isle is opened, because the isle lives as long as somebody has it open. 0 or -errno. */
int janitor_start(void);
/* A file or folder to be removed at the end; nothing happens if there is no janitor, or if it is gone by then. */
void janitor_tell(const char *path);
/* Moves its descriptor out of a program's way, by a function such as guard_take(). 0 or -errno. */
int janitor_guard(int (*take)(int fd));

#endif
