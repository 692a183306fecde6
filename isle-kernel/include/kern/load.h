/* SPDX-License-Identifier: MIT */
/*
 * load.h - the program that the exec block names, brought into its address space.
 */
#ifndef KERN_LOAD_H
#define KERN_LOAD_H

struct trap_frame;

/*
 * Called by the first thread before it goes to ring 3: maps the program, its interpreter and its
 * stack, and makes *frame begin there. If that fails the process ends as a shell says it: 126 << 8.
 */
void program_load(struct trap_frame *frame);

#endif
