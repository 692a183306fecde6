/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_MODULE_IOCTL_H
#define ISLE_MODULE_IOCTL_H

struct file;
struct isle_call;

/* The commands of abi/isle/ioctl.h. */
long isle_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* Handlers that have a file of their own. arg is the command's struct, copied in and out. */
long isle_command_reserve(struct isle_call *call, void *arg);
long isle_command_release(struct isle_call *call, void *arg);
long isle_command_create(struct isle_call *call, void *arg);
long isle_command_info(struct isle_call *call, void *arg);
long isle_command_list(struct isle_call *call, void *arg);
long isle_command_stat(struct isle_call *call, void *arg);
long isle_command_log(struct isle_call *call, void *arg);
long isle_command_counters(struct isle_call *call, void *arg);
long isle_command_reserved(struct isle_call *call, void *arg);

#endif
