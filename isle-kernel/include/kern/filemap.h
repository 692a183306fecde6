/* SPDX-License-Identifier: MIT */
/*
 * filemap.h - files that stay open in the proxy because something is mapped from them.
 */
#ifndef KERN_FILEMAP_H
#define KERN_FILEMAP_H

#include <stdint.h>

/* A handle for the file behind the program's descriptor, held once; or -errno. */
int64_t filemap_keep(int32_t fd);
/* Takes a handle that the proxy has just made, held once; gives it back if that fails. 0 or -ENOMEM. */
int filemap_take(int32_t handle);
/* Adds a hold. */
void filemap_hold(int32_t handle);
/* Gives one hold back; the last one lets the file go. */
void filemap_drop(int32_t handle);

#endif
