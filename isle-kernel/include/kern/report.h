/* SPDX-License-Identifier: MIT */
/*
 * report.h - tells the proxy how things stand (abi/isle/report.h).
 */
#ifndef KERN_REPORT_H
#define KERN_REPORT_H

#include <stdbool.h>

/*
 * Sends a report about the calling thread's process, with its regions if they are wanted. 0, -ENOMEM, or what the
 * proxy answered. No lock may be held.
 */
int report_send(bool regions);

#endif
