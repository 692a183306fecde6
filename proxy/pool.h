/* SPDX-License-Identifier: MIT */
/*
 * pool.h - what is free in the reserve, as a struct machine that an isle can be planned on.
 */
#ifndef PROXY_POOL_H
#define PROXY_POOL_H

#include "dev.h"
#include "machine.h"

/* Fills m with the reserve's parked CPUs and free memory. 0, or -errno with a sentence in dev. */
int pool_read(struct dev *dev, struct machine *m);

/* The same from tables; pure. */
void pool_fill(struct machine *m, const struct isle_reserved_cpu *cpus, uint32_t nr_cpus,
	       const struct isle_reserved_extent *extents, uint32_t nr_extents);

#endif
