/* SPDX-License-Identifier: MIT */
/*
 * signal_linux.h - signals that are left with Linux, for descriptors of signalfd, and stops, which are Linux's.
 */
#ifndef KERN_SIGNAL_LINUX_H
#define KERN_SIGNAL_LINUX_H

#include <stdbool.h>
#include <stdint.h>

struct process;
struct signal_info;

/* The program has a signalfd for these. Forwards. */
void signal_left_add(struct process *process, uint64_t set);
/* A mask has changed, or what a thread awaits: tells the proxy which signals stay with Linux now. May forward. */
void signal_left_update(struct process *process);
/* Sends it to Linux if it is left there: true. Forwards; *err gets the result. */
bool signal_left_send(struct process *process, const struct signal_info *info, int64_t *err);

/*
 * A stop signal's default action: holds all threads, has Linux stop the proxy, and returns when it goes on.
 */
void process_stop(struct process *process, int signo);
/* What a thread does that is told to stop: waits until the program goes on or ends. */
void process_stop_wait(struct process *process);

#endif
