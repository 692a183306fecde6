/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_SYSFS_H
#define ISLE_SYSFS_H

struct attribute_group;
struct kobject;

/* Of the device, and of each isle's folder. */
extern const struct attribute_group *isle_sysfs_device_groups[];
extern const struct attribute_group *isle_sysfs_groups[];

/* The folder isles/ in the device's. */
int isle_sysfs_init(void);
void isle_sysfs_exit(void);
struct kobject *isle_sysfs_folder(void);

#endif
