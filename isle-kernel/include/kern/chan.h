/* SPDX-License-Identifier: MIT */
/*
 * chan.h - calls forwarded to the proxy.
 */
#ifndef KERN_CHAN_H
#define KERN_CHAN_H

#include <stdbool.h>
#include <stdint.h>

/* Clears the window's header and slots. Called once before the state is UP. */
void chan_init(void);

/* A free slot for a thread with this id, or -EAGAIN. */
int chan_slot_take(uint32_t tid);
void chan_slot_give_back(uint32_t slot);
/* The slot's thread has got another id. */
void chan_slot_rename(uint32_t slot, uint32_t tid);

/*
 * Forwards a call on the current thread's slot and waits for its end: spins a little, then blocks.
 * If interruptible, a signal cancels it (the result then is the call's, or -EINTR). No lock may be
 * held. *flags (may be NULL) gets ISLE_DONE_F_*.
 */
int64_t chan_call(uint32_t nr, const uint64_t arg[6], bool interruptible, uint32_t *flags);
/* The same for ISLE_CALL_* with up to six arguments; not interruptible. */
int64_t chan_isle_call(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5);
/* What came with ISLE_DONE_F_NAMED of the current thread's last call: its tid, and a terminated name. */
uint32_t chan_named(char name[16]);

/* The doorbell rang on this core: wakes the threads whose calls are done. */
void chan_doorbell(void);

#endif
