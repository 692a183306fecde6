/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_CHARDEV_H
#define ISLE_CHARDEV_H

struct device;

int isle_chardev_init(void);
/* No file is open any more when this is called. */
void isle_chardev_exit(void);
/* The device, for the folder in sysfs. */
struct device *isle_chardev_device(void);

#endif
