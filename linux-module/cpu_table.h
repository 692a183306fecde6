/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpu_table.h - the list behind cpu.h, for cpu.c, which fills and empties it. isle_reserve_lock.
 */
#ifndef ISLE_CPU_TABLE_H
#define ISLE_CPU_TABLE_H

#include <linux/list.h>

/* struct isle_rcpu, by ascending linux_cpu. */
extern struct list_head isle_rcpus;

/* Adds parked CPUs; the list taken is sorted too. */
void isle_cpu_table_add(struct list_head *taken);
/* All were taken out of the list. */
void isle_cpu_table_clear(void);

#endif
