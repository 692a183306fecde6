/* SPDX-License-Identifier: MIT */
/*
 * qemu_priv.h - what the files of the platform QEMU share.
 */
#ifndef PROXY_PLAT_QEMU_PRIV_H
#define PROXY_PLAT_QEMU_PRIV_H

#include "memfd_isle.h"
#include "qemu_args.h"
#include "qemu_child.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_WORDS  512   /* first bytes that are kept of what QEMU prints */

/* Two clocks at one moment. */
struct moment {
	uint64_t tsc, ns;
};

struct qemu {
	struct memfd_isle m;
	struct qemu_wish wish;
	struct qemu_child child;
	int bell, far_bell;     /* socket; the other side is QEMU's, closed by start */
	char *image;
	struct moment started;
	pthread_t listener;
	bool listening;
	char words[QEMU_WORDS];
	size_t nr_words;

	pthread_mutex_t lock;   /* guards the next two */
	uint32_t doom;          /* ISLE_LIFE_* with which it is killed, or 0 */
	char doom_why[ISLE_TEXT_SIZE];
};

/* Now, by the TSC and by CLOCK_MONOTONIC_RAW. */
struct moment qemu_moment(void);

/* The listener's thread: its argument is the struct qemu. Returns when QEMU has ended and that is said. */
void *qemu_listen(void *opaque);

#endif
