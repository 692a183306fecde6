// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - loading and unloading.
 *
 * Linux with 5-level paging is fine: the cores of isles use 4 levels whatever Linux does, since
 * each enters 64-bit mode anew. Encrypted memory is not: its bit would have to be in every table.
 */
#include <linux/cc_platform.h>
#include <linux/init.h>
#include <linux/module.h>

#include "chardev.h"
#include "cpu.h"
#include "doorbell.h"
#include "isle.h"
#include "lapic.h"
#include "mem.h"
#include "notify.h"
#include "park.h"
#include "reserve.h"
#include "sysfs.h"
#include "trampoline.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* In this order; undone in reverse. The device comes last: from then on anybody may come in. */
static const struct {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "local APIC", isle_lapic_init, isle_lapic_exit },
	{ "trampoline", isle_trampoline_init, NULL },
	{ "park loop", isle_park_init, isle_park_exit },
	{ "list of isles", isle_list_init, isle_list_exit },
	{ "memory", NULL, isle_mem_exit },
	{ "doorbell", isle_doorbell_init, isle_doorbell_exit },
	{ "CPU hotplug", isle_cpu_init, isle_cpu_exit },
	{ "notifiers", isle_notify_init, isle_notify_exit },
	{ "reserve", NULL, isle_reserve_drop },
	{ "device", isle_chardev_init, isle_chardev_exit },
	{ "sysfs", isle_sysfs_init, isle_sysfs_exit },
	{ "dead isles", NULL, isle_forget_dead },
};

static void exit_parts(unsigned int nr)
{
	while (nr--)
		if (parts[nr].exit)
			parts[nr].exit();
}

static int __init isle_init(void)
{
	unsigned int i;
	int err;

	if (cc_platform_has(CC_ATTR_MEM_ENCRYPT)) {
		pr_err("memory encryption is on: isles cannot run (boot with mem_encrypt=off)\n");
		return -ENODEV;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init ? parts[i].init() : 0;
		if (err) {
			pr_err(
			       "%s: cannot be set up (%d): the module is not loaded\n",
			       parts[i].name, err);
			exit_parts(i);
			return err;
		}
	}
	pr_info("ready: ABI revision %u, %s, doorbell vector %#x (reserve cores and memory next)\n",
		ISLE_ABI_REVISION, isle_lapic_is_x2apic() ? "x2APIC" : "xAPIC",
		isle_doorbell_vector());
	return 0;
}

static void __exit isle_exit(void)
{
	exit_parts(ARRAY_SIZE(parts));
}

module_init(isle_init);
module_exit(isle_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Runs isle kernels on cores and memory taken from Linux");
MODULE_VERSION("0.1.0");
