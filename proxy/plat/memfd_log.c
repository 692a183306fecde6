// SPDX-License-Identifier: MIT
/*
 * memfd_log.c - drains the isle's log ring (abi/isle/log.h) into a store of this process.
 *
 * The ring is the isle's to write: every size is copied, checked against what is left, and only then used. The store
 * keeps the newest records up to a bound. The lock of struct memfd_isle is held in all functions but the printing.
 */
#include "memfd_isle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORE_MAX   (1u << 20)
#define STORE_FIRST (16u << 10)

/* Gives up the older half; positions go on counting. */
static void store_shorten(struct memfd_log *log)
{
	size_t at = 0;

	while (at < log->used / 2)
		at += ((const struct isle_log_record *)(const void *)(log->data + at))->size;
	memmove(log->data, log->data + at, log->used - at);
	log->used -= at;
	log->begin += at;
}

static bool store_room(struct memfd_log *log, size_t size)
{
	size_t room = log->room ? log->room : STORE_FIRST;
	uint8_t *data;

	if (log->used + size <= log->room)
		return true;
	while (room < log->used + size)
		room *= 2;
	if (room <= STORE_MAX) {
		data = realloc(log->data, room);
		if (data) {
			log->data = data;
			log->room = room;
			return true;
		}
	}
	if (log->used)
		store_shorten(log);
	return log->used + size <= log->room;
}

static void record_append(struct memfd_log *log, struct isle_log_record head, const void *text)
{
	size_t size = (sizeof(head) + head.text_size + 7) & ~(size_t)7;

	if (!store_room(log, size))
		return;
	head.size = (uint16_t)size;
	memset(log->data + log->used, 0, size);
	memcpy(log->data + log->used, &head, sizeof(head));
	memcpy(log->data + log->used + sizeof(head), text, head.text_size);
	log->used += size;
}

void memfd_log_append(struct memfd_isle *m, uint8_t level, uint8_t origin, uint64_t time_ns, const char *text,
		      size_t size)
{
	const struct isle_log_record head = {
		.text_size = (uint16_t)(size < ISLE_TEXT_SIZE ? size : ISLE_TEXT_SIZE),
		.level = level,
		.origin = origin,
		.time_ns = time_ns,
	};

	record_append(&m->log, head, text);
}

/* The record at the tail, of at most left bytes. False: nonsense. */
static bool record_take(struct memfd_isle *m, const uint8_t *data, uint64_t data_size, uint64_t left)
{
	uint64_t place = m->log.tail & (data_size - 1);
	struct isle_log_record head;
	uint8_t text[ISLE_LOG_RECORD_MAX];

	if (left > data_size - place)
		left = data_size - place;
	if (left < sizeof(head))
		return false;
	memcpy(&head, data + place, sizeof(head));
	/* The copy is checked, so that the isle cannot change it afterwards. */
	atomic_signal_fence(memory_order_seq_cst);
	if (head.size % 8 || head.size < sizeof(head) || head.size > left ||
	    head.text_size > head.size - sizeof(head))
		return false;
	m->log.tail += head.size;
	if (head.level == ISLE_LOG_PAD)
		return true;
	if (head.text_size > sizeof(text) - sizeof(head))
		return false;
	memcpy(text, data + place + sizeof(head), head.text_size);
	head.origin = ISLE_LOG_FROM_ISLE;
	if (head.level > ISLE_LOG_DEBUG)
		head.level = ISLE_LOG_DEBUG;
	if (head.cpu >= m->nr_cpus)
		head.cpu = 0;
	record_append(&m->log, head, text);
	return true;
}

void memfd_log_drain(struct memfd_isle *m)
{
	static const char nonsense[] = "the isle's log ring holds nonsense: no more of it is read (the isle kernel "
				       "has overwritten its own memory)";
	struct memfd_log *log = &m->log;
	struct isle_log *ring;
	const uint8_t *data;
	uint64_t head, data_size, dropped;
	char text[96];
	int length;

	if (!m->boot || log->broken)
		return;
	/* Not what the isle's page says: what this side put there. */
	ring = (struct isle_log *)(m->mem + m->at.log);
	data_size = MEMFD_LOG_DATA;
	data = (const uint8_t *)(ring + 1);
	head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE); /* pairs with the isle's release after the bytes */
	log->broken = head - log->tail > data_size;
	while (!log->broken && log->tail != head)
		log->broken = !record_take(m, data, data_size, head - log->tail);
	if (log->broken)
		memfd_log_append(m, ISLE_LOG_ERROR, ISLE_LOG_FROM_LINUX, 0, nonsense, sizeof(nonsense) - 1);
	__atomic_store_n(&ring->tail, log->tail, __ATOMIC_RELEASE); /* what was copied may be overwritten */
	dropped = __atomic_load_n(&ring->dropped, __ATOMIC_RELAXED);
	if (log->broken || dropped <= log->dropped)
		return;
	length = snprintf(text, sizeof(text), "%llu records are missing: the isle wrote faster than they were read",
			  (unsigned long long)(dropped - log->dropped));
	memfd_log_append(m, ISLE_LOG_WARN, ISLE_LOG_FROM_LINUX, 0, text, (size_t)length);
	log->dropped = dropped;
}

void memfd_log_last_error(const struct memfd_isle *m, char *text, size_t size)
{
	size_t at = 0;

	text[0] = 0;
	while (at < m->log.used) {
		const struct isle_log_record *record = (const void *)(m->log.data + at);

		/* Lines that begin with a blank belong to the one before. */
		if (record->level == ISLE_LOG_ERROR && record->origin == ISLE_LOG_FROM_ISLE &&
		    *(const char *)(record + 1) != ' ')
			snprintf(text, size, "%.*s", record->text_size, (const char *)(record + 1));
		at += record->size;
	}
}

__attribute__((format(printf, 3, 0)))
static void line_append(struct memfd_isle *m, uint8_t level, const char *format, va_list args)
{
	char text[ISLE_TEXT_SIZE];
	int length = vsnprintf(text, sizeof(text), format, args);

	pthread_mutex_lock(&m->lock);
	memfd_log_drain(m);
	memfd_log_append(m, level, ISLE_LOG_FROM_LINUX, 0, text,
			 length < (int)sizeof(text) ? (size_t)length : sizeof(text) - 1);
	pthread_mutex_unlock(&m->lock);
}

void memfd_say(struct memfd_isle *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line_append(m, ISLE_LOG_INFO, format, args);
	va_end(args);
}

void memfd_say_error(struct memfd_isle *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line_append(m, ISLE_LOG_ERROR, format, args);
	va_end(args);
}

/* The records that are new are copied under the lock and printed without it. */
int memfd_print_log(struct memfd_isle *m, struct isle *isle, struct logtext *log)
{
	uint8_t *copy = NULL;
	size_t size = 0;
	uint64_t from;
	int err = 0;

	if (!m->boot)
		return 0;
	pthread_mutex_lock(&m->lock);
	memfd_log_drain(m);
	from = log->pos > m->log.begin ? log->pos - m->log.begin : 0;
	if (from < m->log.used) {
		size = m->log.used - from;
		copy = malloc(size);
		if (copy)
			memcpy(copy, m->log.data + from, size);
	}
	log->pos = m->log.begin + m->log.used;
	pthread_mutex_unlock(&m->lock);
	if (copy && !logtext_print(log, copy, size))
		err = why_say(&isle->why, -EBADMSG, "the isle's log holds malformed records");
	free(copy);
	fflush(log->out);
	return err;
}

void memfd_print_errors(struct memfd_isle *m, FILE *out)
{
	struct logtext log = { .out = out, .form = LOGTEXT_LINES };
	size_t at = 0;

	pthread_mutex_lock(&m->lock);
	while (at < m->log.used) {
		const struct isle_log_record *record = (const void *)(m->log.data + at);

		if (record->level == ISLE_LOG_ERROR)
			logtext_print(&log, record, record->size);
		at += record->size;
	}
	pthread_mutex_unlock(&m->lock);
}
