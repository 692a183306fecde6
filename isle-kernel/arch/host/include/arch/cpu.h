/* SPDX-License-Identifier: MIT */
/*
 * cpu.h - time and waiting, as a Linux process has them.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <stdint.h>

/* Nanoseconds: the TSC of a 1 GHz machine. */
uint64_t tsc_read(void);

/* Lets other threads run. */
void cpu_relax(void);

#endif
