/* SPDX-License-Identifier: MIT */
/*
 * machines.h - isles that no test machine has, and a private place for their views.
 */
#ifndef MACHINES_H
#define MACHINES_H

#include "view/view.h"

struct shape {
	const char *name;
	unsigned int nodes, cores, threads;  /* cores of the whole isle, threads of a core */
	unsigned int first_cpu;              /* Linux's number of the first one */
	unsigned int cores_of_l3;            /* cores that share an L3, a power of two */
};

extern const struct shape shapes[];
extern const unsigned int nr_shapes;

#define NODE_SIZE  (768ull << 20)

/* The machine of a shape; static storage, overwritten by the next. */
struct view_machine *machine_of(const struct shape *shape);

/* The directory below which the tests make their views; made on the first call. */
const char *base_dir(void);
/* How many views lie there. */
int views_left(void);
/* Removes it; views that are left there make that fail. 0 or -errno. */
int base_remove(void);

/* A view of a shape below base_dir(), or the test ends. */
struct view *view_of(const struct shape *shape);

/* check_main() for tests of views: after each test, and after_each() (or NULL), no view may be left. */
int machines_main(void (*after_each)(void));

#endif
