/* SPDX-License-Identifier: MIT */
/*
 * image.h - what the image's note asks of loaders.
 */
#ifndef KERN_IMAGE_H
#define KERN_IMAGE_H

/*
 * Bytes of zeroed early pages: tables for a direct map of 50 GiB without large pages, then metadata
 * of frames.
 */
#define IMAGE_EARLY_SIZE  0x80000

#endif
