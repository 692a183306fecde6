/* SPDX-License-Identifier: MIT */
/*
 * stop.h - the isle's end in order.
 */
#ifndef KERN_STOP_H
#define KERN_STOP_H

#include <stdint.h>

/*
 * Ends the isle with a wait(2) status: all other cores park, the state becomes ISLE_STATE_STOPPED,
 * Linux is told, and this core parks. Any core may call it, in an interrupt too.
 */
__attribute__((noreturn))
void isle_stop(int32_t wait_status);

/* What a doorbell from Linux means: looks at the requests of the boot page. */
void doorbell_answer(void);

#endif
