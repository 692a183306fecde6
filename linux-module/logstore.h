/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_LOGSTORE_H
#define ISLE_LOGSTORE_H

#include <linux/list.h>
#include <linux/types.h>
#include <isle/log.h>

struct isle;

/* Size of the ring's data: a power of two. */
#define ISLE_LOG_DATA  (256ULL << 10)

/* An isle's log outside of the isle: chunks of whole records, the oldest given up first. */
struct isle_logstore {
	struct list_head chunks;
	u64 end;            /* position behind the last record; positions count bytes kept or not */
	u64 size;           /* bytes in chunks */
	u64 tail;           /* of the isle's ring */
	u64 dropped;        /* as the isle counted, already told */
	bool broken;        /* the ring held nonsense: not looked at any more */
	u64 epoch_ns;       /* time 0 of the module's own lines */
};

void isle_logstore_init(struct isle_logstore *log);
void isle_logstore_free(struct isle_logstore *log);

/* All of these take log_lock and wake readers. */

/* A line of the module's own. */
__printf(3, 4)
void isle_log(struct isle *isle, u8 level, const char *format, ...);
/* Empties the isle's ring into the store. */
void isle_log_drain(struct isle *isle);
/*
 * Copies whole records from *pos on, at most size bytes; moves *pos behind them; *lost as
 * ISLE_IOC_LOG says. Returns bytes or -EFAULT.
 */
int isle_log_read(struct isle *isle, u64 *pos, void __user *buf, u32 size, u64 *lost);
/* Text of the isle's last record of this level or worse that is not a continuation; or "". */
void isle_log_last(struct isle *isle, u8 level, char *text, size_t size);

#endif
