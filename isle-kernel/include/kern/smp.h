/* SPDX-License-Identifier: MIT */
/*
 * smp.h - the isle's other cores.
 */
#ifndef KERN_SMP_H
#define KERN_SMP_H

#include <stdint.h>

/*
 * Makes the blocks of all other cores, lets the loader start them, and waits until they are up.
 * Panics if one is not.
 */
void smp_start(void);

/*
 * Where a core other than row 0 goes once its descriptor tables are loaded. Returns when it is up.
 */
void smp_enter(void);

#endif
