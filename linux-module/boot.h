/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_MODULE_BOOT_H
#define ISLE_MODULE_BOOT_H

#include <linux/types.h>
#include <isle/ioctl.h>

struct isle;
struct isle_call;

/* ISLE_IOC_LOAD; takes life_lock. Fills isle memory as abi/isle/boot.h says. */
long isle_boot_load(struct isle_call *call, struct isle_load *load);
/* life_lock. The clock, as late as possible before the first core enters. */
void isle_boot_set_clock(struct isle *isle);
/* Physical address of the loader's top page table. */
u64 isle_boot_cr3(const struct isle *isle);

#endif
