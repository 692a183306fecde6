/* SPDX-License-Identifier: MIT */
/*
 * vdso.h - gives a program the image by which it reads clocks itself (vdso/).
 */
#ifndef KERN_VDSO_H
#define KERN_VDSO_H

struct process;

/*
 * Maps data page and image read-only into the current process and sets process->vdso; leaves it 0 if that
 * fails, which costs the program system calls only.
 */
void vdso_map(struct process *process);

#endif
