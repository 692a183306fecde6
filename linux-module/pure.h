/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pure.h - what cpu_policy.c and region.c need of their world. They hold no state and touch no
 * hardware, so that the same files are compiled into the module and into unit tests.
 */
#ifndef ISLE_PURE_H
#define ISLE_PURE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#define pure_sort(base, nr, size, cmp) sort(base, nr, size, cmp, NULL)
#else
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define pure_sort qsort
#endif

#endif
