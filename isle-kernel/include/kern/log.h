/* SPDX-License-Identifier: MIT */
/*
 * log.h - the kernel's log: lines of text into the ring that Linux drains (abi/isle/log.h).
 *
 * May be called from anywhere, interrupts and panics included, as soon as log_init has run. Long
 * texts and texts of several lines become several records. If Linux does not drain, a full ring is
 * waited for a bounded time, once, and then records are dropped and counted.
 */
#ifndef KERN_LOG_H
#define KERN_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <isle/log.h>

/*
 * Binds the log to a ring of size bytes whose header the loader has filled. Returns NULL, or what
 * is wrong with it.
 */
const char *log_init(struct isle_log *ring, uint64_t size);

/* Records of a higher level than this are not written. */
void log_level_set(uint32_t level);

void log_print(uint32_t level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_vprint(uint32_t level, const char *format, va_list args);

#define log_error(...)  log_print(ISLE_LOG_ERROR, __VA_ARGS__)
#define log_warn(...)   log_print(ISLE_LOG_WARN, __VA_ARGS__)
#define log_info(...)   log_print(ISLE_LOG_INFO, __VA_ARGS__)
#define log_debug(...)  log_print(ISLE_LOG_DEBUG, __VA_ARGS__)

/* From now on the lock is waited for only a bounded time: its holder may be stopped. For panics. */
void log_lock_break(void);

/* Records dropped so far. */
uint64_t log_dropped(void);

#endif
