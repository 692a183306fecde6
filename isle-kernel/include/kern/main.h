/* SPDX-License-Identifier: MIT */
/*
 * main.h - the kernel's way from its first stack to idle.
 */
#ifndef KERN_MAIN_H
#define KERN_MAIN_H

#include <stdint.h>

#include <isle/boot.h>

/*
 * Boots the isle on row 0, does what the command line asks for, and idles. tsc: at the first
 * instruction.
 */
__attribute__((noreturn))
void isle_main(struct isle_boot *page, uint64_t tsc);

#endif
