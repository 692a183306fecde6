/* SPDX-License-Identifier: MIT */
/*
 * image.h - the isle kernel's file: where it is, whether it is one, whether the module will take it
 * from a user.
 *
 * The module decides; this says it earlier, and in the user's words.
 */
#ifndef PROXY_IMAGE_H
#define PROXY_IMAGE_H

#include "why.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_PATH 4096u

/*
 * Finds it: named (or NULL), else $ISLE_IMAGE, else ../isle-kernel/isle.elf beside the running
 * tool's folder (a build tree), else the installed one. 0, or -ENOENT with a sentence.
 */
int image_find(const char *named, char *path, size_t size, struct why *why);

/*
 * Whether it is an isle kernel of our revision for a platform (ISLE_PLAT_*, called name). 0, or -errno with a
 * sentence.
 */
int image_check(const char *path, uint32_t platform, const char *name, struct why *why);

/* Reads the whole file; the caller frees it. 0, or -errno with a sentence and nothing allocated. */
int image_read(const char *path, void **bytes, size_t *size, struct why *why);

/* Whether the module takes it from others than root. If not, a sentence says why. */
bool image_trusted(const char *path, struct why *why);

#endif
