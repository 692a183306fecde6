// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - /sys/class/misc/isle: what an administrator or a script wants to see without a tool.
 *
 *	reserve/{cpus,memory,free_cpus,free_memory}   lists of CPUs, bytes
 *	inits                                         INIT interrupts sent so far
 *	isles/<id>/{state,cpus,memory,owner,why}      one folder an isle, the kept dead ones too
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "chardev.h"
#include "cpu.h"
#include "isle.h"
#include "lapic.h"
#include "mem.h"
#include "sysfs.h"

static struct kobject *folder;

/* "1-3,5", as the kernel writes lists of CPUs. */
static ssize_t print_set(char *buf, const struct isle_cpuset *set)
{
	return sysfs_emit(buf, "%*pbl\n", 1024, set->bits);
}

static ssize_t print_cpus(char *buf, bool only_free)
{
	struct isle_reserved_cpu *rows;
	struct isle_cpuset set = { };
	u32 i, nr;

	rows = kvcalloc(1024, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return -ENOMEM;
	mutex_lock(&isle_reserve_lock);
	nr = min(isle_cpu_list(rows, 1024), 1024u);
	mutex_unlock(&isle_reserve_lock);
	for (i = 0; i < nr; i++)
		if (!only_free || (!rows[i].isle_id && rows[i].state != ISLE_RCPU_LOST))
			isle_cpuset_add(&set, rows[i].linux_cpu);
	kvfree(rows);
	return print_set(buf, &set);
}

static ssize_t cpus_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return print_cpus(buf, false);
}
static DEVICE_ATTR_RO(cpus);

static ssize_t free_cpus_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return print_cpus(buf, true);
}
static DEVICE_ATTR_RO(free_cpus);

static ssize_t memory_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 reserved, is_free;

	isle_mem_count(&reserved, &is_free);
	return sysfs_emit(buf, "%llu\n", reserved);
}
static DEVICE_ATTR_RO(memory);

static ssize_t free_memory_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 reserved, is_free;

	isle_mem_count(&reserved, &is_free);
	return sysfs_emit(buf, "%llu\n", is_free);
}
static DEVICE_ATTR_RO(free_memory);

static ssize_t inits_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", isle_lapic_inits());
}
static DEVICE_ATTR_RO(inits);

static struct attribute *reserve_attrs[] = {
	&dev_attr_cpus.attr, &dev_attr_free_cpus.attr,
	&dev_attr_memory.attr, &dev_attr_free_memory.attr, NULL,
};

static const struct attribute_group reserve_group = { .name = "reserve", .attrs = reserve_attrs };

static struct attribute *device_attrs[] = { &dev_attr_inits.attr, NULL };

static const struct attribute_group device_group = { .attrs = device_attrs };

const struct attribute_group *isle_sysfs_device_groups[] = { &device_group, &reserve_group, NULL };

static ssize_t show_state(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct isle *isle = container_of(kobj, struct isle, kobj);

	return sysfs_emit(buf, "%s%s\n", isle_life_name(isle_life(isle)),
			  READ_ONCE(isle->reaped) ? " reaped" : "");
}

static ssize_t show_isle_cpus(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return print_set(buf, &container_of(kobj, struct isle, kobj)->cpuset);
}

static ssize_t show_isle_memory(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", container_of(kobj, struct isle, kobj)->mem_size);
}

static ssize_t show_owner(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct isle *isle = container_of(kobj, struct isle, kobj);

	return sysfs_emit(buf, "%u %u\n", READ_ONCE(isle->owner_pid), isle->owner_uid);
}

static ssize_t show_why(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct isle *isle = container_of(kobj, struct isle, kobj);

	return sysfs_emit(buf, "%s\n", isle_life_ended(isle_life(isle)) ? isle->why : "");
}

static struct kobj_attribute state_attr = __ATTR(state, 0444, show_state, NULL);
static struct kobj_attribute isle_cpus_attr = __ATTR(cpus, 0444, show_isle_cpus, NULL);
static struct kobj_attribute isle_memory_attr = __ATTR(memory, 0444, show_isle_memory, NULL);
static struct kobj_attribute owner_attr = __ATTR(owner, 0444, show_owner, NULL);
static struct kobj_attribute why_attr = __ATTR(why, 0444, show_why, NULL);

static struct attribute *isle_attrs[] = {
	&state_attr.attr, &isle_cpus_attr.attr, &isle_memory_attr.attr, &owner_attr.attr,
	&why_attr.attr, NULL,
};

static const struct attribute_group isle_group = { .attrs = isle_attrs };

const struct attribute_group *isle_sysfs_groups[] = { &isle_group, NULL };

int isle_sysfs_init(void)
{
	folder = kobject_create_and_add("isles", &isle_chardev_device()->kobj);
	return folder ? 0 : -ENOMEM;
}

void isle_sysfs_exit(void)
{
	kobject_put(folder);
}

struct kobject *isle_sysfs_folder(void)
{
	return folder;
}
