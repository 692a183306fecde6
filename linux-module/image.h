/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_MODULE_IMAGE_H
#define ISLE_MODULE_IMAGE_H

#include <isle/image.h>

struct isle_call;

/* A checked image and its bytes; the copy is ours, so nobody changes it after the check. */
struct isle_image_copy {
	void *bytes;
	u64 size;
	struct isle_image img;
};

/*
 * Reads the open file fd, if it is trustworthy enough for the caller (abi/isle/ioctl.h, LOAD), and
 * checks it. On success isle_image_drop() frees the copy. Errors as LOAD says, with a sentence.
 */
int isle_image_get(struct isle_call *call, int fd, struct isle_image_copy *copy);
void isle_image_drop(struct isle_image_copy *copy);

/* Copies the segments to memory of at least img.mem_size zeroed bytes. */
void isle_image_place(const struct isle_image_copy *copy, u8 *to);

#endif
