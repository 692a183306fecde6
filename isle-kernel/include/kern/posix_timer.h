/* SPDX-License-Identifier: MIT */
/*
 * posix_timer.h - what signals know of timer_create's timers.
 */
#ifndef KERN_POSIX_TIMER_H
#define KERN_POSIX_TIMER_H

struct signal_info;

/*
 * The calling thread takes a signal with code SI_TIMER: fills in its overrun and starts the timer
 * again. The program may have made the signal itself; then nothing happens. Without locks.
 */
void posix_timer_taken(struct signal_info *info);

/* Deletes all timers of the calling thread's process, which has no other thread. */
void posix_timers_delete(void);

#endif
