// SPDX-License-Identifier: MIT
/*
 * qemu_smp.c - starts the other cores of a machine that is all ours.
 */
#include "qemu_priv.h"

void qemu_cpus_start(void)
{
}
