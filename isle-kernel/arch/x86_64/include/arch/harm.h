/* SPDX-License-Identifier: MIT */
/*
 * harm.h - what only tests want a core to do (kern/inject.h).
 */
#ifndef ARCH_HARM_H
#define ARCH_HARM_H

#include <stdint.h>

/* No exception can be delivered any more, and one is raised: a machine shuts down. */
__attribute__((noreturn))
void harm_triple_fault(void);

/* Reads every I/O port and writes to it, but the one by which a core leaves. For virtual machines without devices. */
void harm_ports(void);

/* The same with one port; with one place of memory that is not the machine's, of which there are some thousand. */
void harm_port(uint16_t port, uint64_t garbage);
void harm_address(uint64_t address, uint64_t garbage);

#endif
