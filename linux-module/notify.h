/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_NOTIFY_H
#define ISLE_NOTIFY_H

#include <linux/types.h>

/* Reboot, panic and suspend. */
int isle_notify_init(void);
void isle_notify_exit(void);

/* The machine goes down and all cores were stopped: no isle will answer. Every wait looks at it. */
bool isle_is_dead(void);

#endif
