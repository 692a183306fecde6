/* SPDX-License-Identifier: MIT */
/*
 * inject.h - faults caused on purpose, each harmful to its own isle only.
 */
#ifndef KERN_INJECT_H
#define KERN_INJECT_H

/* When the fault of the command line is due. */
enum inject_when {
	INJECT_BOOT,   /* before the isle is up */
	INJECT_UP,     /* when it is up */
	INJECT_STOP,   /* when it is told to stop */
};

/* Causes the fault if it is due now. An unknown kind is warned about once, at INJECT_BOOT. */
void inject(enum inject_when when);

#endif
