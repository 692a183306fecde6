/* SPDX-License-Identifier: MIT */
/*
 * panic.h - the isle's end by its own fault.
 *
 * Stops the other cores, writes the reason, registers and a backtrace to the log, sets
 * ISLE_STATE_PANICKED, and parks all cores. A panic within a panic goes straight to parking.
 */
#ifndef KERN_PANIC_H
#define KERN_PANIC_H

#include <stdbool.h>
#include <stdint.h>

struct trap_frame;

__attribute__((noreturn, cold, format(printf, 1, 2)))
void panic(const char *format, ...);

/* The same for an exception: what, and the interrupted registers. */
__attribute__((noreturn, cold))
void panic_trap(const struct trap_frame *frame, const char *what, uint64_t fault_addr);

/* True on a core other than the panicking one, once a panic has begun. Asked by the NMI handler. */
bool panic_stops_me(void);

/* What must hold. Stays in all builds: each is one compare. */
#define kassert(cond) \
	do { \
		if (__builtin_expect(!(cond), 0)) \
			panic("%s:%d: %s does not hold", __FILE__, __LINE__, #cond); \
	} while (0)

#endif
