/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * version.h - the revision of the contract between module, isle kernel and proxy.
 *
 * All three are built from one tree and checked against each other at run time:
 * an image carries the revision in its ELF note, the boot page and the window
 * carry it in their headers, and ISLE_IOC_INFO returns the module's. Any change
 * of a size, an offset, a number or a meaning in abi/ increments it; sides with
 * different revisions refuse each other with a sentence that names both.
 */
#ifndef ISLE_VERSION_H
#define ISLE_VERSION_H

#define ISLE_ABI_REVISION  1u

/* Magic words, little-endian ASCII. */
#define ISLE_BOOT_MAGIC    0x544f4f42454c5349ull /* "ISLEBOOT" */
#define ISLE_WINDOW_MAGIC  0x444e4957454c5349ull /* "ISLEWIND" */
#define ISLE_LOG_MAGIC     0x474f4c454c5349ull   /* "ISLELOG" */

#endif
