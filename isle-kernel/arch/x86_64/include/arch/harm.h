/* SPDX-License-Identifier: MIT */
/*
 * harm.h - what only tests want a core to do (kern/inject.h).
 */
#ifndef ARCH_HARM_H
#define ARCH_HARM_H

/* No exception can be delivered any more, and one is raised: a machine shuts down. */
__attribute__((noreturn))
void harm_triple_fault(void);

/* Reads every I/O port and writes to it, but the one by which a core leaves. For virtual machines without devices. */
void harm_ports(void);

#endif
