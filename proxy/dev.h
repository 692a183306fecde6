/* SPDX-License-Identifier: MIT */
/*
 * dev.h - /dev/isle as functions.
 *
 * Each is one command of <isle/ioctl.h>, where its errors stand; it returns 0 or -errno, and after
 * a failure the handle holds a sentence: the module's own (ISLE_IOC_WHY), or ours where the module
 * could not be asked.
 */
#ifndef PROXY_DEV_H
#define PROXY_DEV_H

#include "why.h"

#include <isle/counters.h>
#include <isle/ioctl.h>

#include <stdint.h>

struct dev {
	int fd;
	struct isle_info info; /* as of dev_open() or the last dev_info() */
	struct why why;
};

/*
 * Opens the device ($ISLE_DEVICE or /dev/isle) and checks that module and tool speak the same
 * revision. -ENODEV there is no module; -EACCES not allowed; -EPROTO another revision; others.
 * Nothing stays open after a failure.
 */
int dev_open(struct dev *dev);
/*
 * Closes it; an isle that the file is dies here. Safe on a handle that is closed or failed to open.
 */
void dev_close(struct dev *dev);

/* Any command. name is what the sentence calls it if the module gives none. */
int dev_call(struct dev *dev, unsigned long cmd, void *arg, const char *name);

int dev_info(struct dev *dev);
int dev_reserve(struct dev *dev, struct isle_reserve *reserve);
int dev_release(struct dev *dev, struct isle_release *release);
int dev_create(struct dev *dev, struct isle_create *create);
int dev_load(struct dev *dev, struct isle_load *load);
int dev_start(struct dev *dev, struct isle_start *start);
int dev_stop(struct dev *dev, struct isle_stop *stop);
int dev_events(struct dev *dev, struct isle_events *events);
int dev_stat(struct dev *dev, uint32_t isle, struct isle_stat *stat);
int dev_log(struct dev *dev, struct isle_log_read *read);

/* These allocate what they return; the caller frees it. Nothing is allocated after a failure. */
int dev_list(struct dev *dev, uint32_t **ids, uint32_t *nr);
int dev_counters(struct dev *dev, uint32_t isle, struct isle_counters **rows, uint32_t *nr);
int dev_reserved(struct dev *dev, struct isle_reserved_cpu **cpus, uint32_t *nr_cpus,
		 struct isle_reserved_extent **extents, uint32_t *nr_extents);

/* A word for ISLE_LIFE_*; whether it is one of the ended ones. */
const char *life_name(uint32_t life);
int life_ended(uint32_t life);

#endif
