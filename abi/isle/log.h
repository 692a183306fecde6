/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * log.h - the log ring of an isle: records of text, one writer side, one reader.
 *
 * The isle kernel appends records under its log lock; the reader (module on multi,
 * proxy elsewhere) drains them into a store that outlives the isle. Nothing is cut:
 * the isle rings (ISLE_BELL_LOG) when the ring is half full and, when it is full,
 * waits a bounded time for the reader; only if nobody drains does it drop whole
 * records, and then counts them, so that the reader can say how many are missing.
 *
 * head and tail count bytes since the start and never wrap; a position's place is
 * pos % data_size. A record is a multiple of 8 bytes and never straddles the end: a
 * record with level ISLE_LOG_PAD fills the rest. The reader trusts nothing here: it
 * bounds head - tail by data_size and every size by what remains, and gives up on the
 * ring (saying so in the store) when they do not fit.
 */
#ifndef ISLE_LOG_H
#define ISLE_LOG_H

#include <isle/types.h>
#include <isle/version.h>

enum {
	ISLE_LOG_PAD = 0,    /* no text: skip size bytes */
	ISLE_LOG_ERROR = 1,
	ISLE_LOG_WARN = 2,
	ISLE_LOG_INFO = 3,
	ISLE_LOG_DEBUG = 4,
};

/*
 * Record: this header, then text_size bytes of UTF-8 without newline or NUL, then zeroes up to size,
 * which may be 8 more than the text needs (8 bytes before the ring's end cannot hold a pad).
 */
struct isle_log_record {
	uint16_t size;       /* of the whole record, a multiple of 8, at least 16 */
	uint16_t text_size;
	uint8_t  level;
	uint8_t  origin;     /* ISLE_LOG_FROM_* */
	uint16_t cpu;        /* row of the CPU table */
	uint64_t time_ns;    /* since the isle's first instruction */
};
ISLE_ASSERT_SIZE(struct isle_log_record, 16);

enum {
	ISLE_LOG_FROM_ISLE = 0,
	ISLE_LOG_FROM_LINUX = 1, /* a line of the module or monitor about this isle */
};

#define ISLE_LOG_RECORD_MAX  1024u  /* longest record; longer texts become several */

struct isle_log {
	uint64_t magic;      /* ISLE_LOG_MAGIC; this line is the loader's */
	uint64_t data_size;  /* a power of two; data begins at sizeof(struct isle_log) */
	uint8_t  reserved0[48];

	uint64_t head __attribute__((aligned(64)));  /* written by the isle: release store after the record's bytes */
	uint64_t dropped;    /* records dropped because nobody drained */
	uint8_t  reserved1[48];

	uint64_t tail __attribute__((aligned(64)));  /* written by the reader: release store after copying */
	uint8_t  reserved2[56];
};
ISLE_ASSERT_SIZE(struct isle_log, 192);

#endif
