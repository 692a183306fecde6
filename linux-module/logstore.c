// SPDX-License-Identifier: GPL-2.0
/*
 * logstore.c - drains an isle's log ring into a store that outlives it.
 *
 * The ring is the isle's to write, so nothing in it is believed (abi/isle/log.h has the bounds),
 * and the copy that readers get has been brought in order: known level, origin as we know it, no
 * control characters. The module's own lines about an isle stand between the isle's.
 *
 * Locks: log_lock.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "isle.h"

#define CHUNK_SIZE  (16u << 10)

struct log_chunk {
	struct list_head list;
	u64 pos;        /* of the first record */
	u32 used;
	u8 data[];
};
#define CHUNK_DATA  (CHUNK_SIZE - sizeof(struct log_chunk))

static unsigned int log_kib = 1024;
module_param(log_kib, uint, 0644);
MODULE_PARM_DESC(log_kib, "KiB of log kept for each isle, 64 at least (1024)");

void isle_logstore_init(struct isle_logstore *log)
{
	INIT_LIST_HEAD(&log->chunks);
	log->epoch_ns = ktime_get_ns();
}

static void drop_chunk(struct isle_logstore *log, struct log_chunk *chunk)
{
	log->size -= chunk->used;
	list_del(&chunk->list);
	kfree(chunk);
}

void isle_logstore_free(struct isle_logstore *log)
{
	struct log_chunk *chunk, *next;

	list_for_each_entry_safe(chunk, next, &log->chunks, list)
		drop_chunk(log, chunk);
}

/* Room for a record in the last chunk, or a new one; without memory the oldest serves as new. */
static struct log_chunk *make_room(struct isle_logstore *log, u32 size)
{
	u64 limit = max(READ_ONCE(log_kib), 64u) * 1024ULL;
	struct log_chunk *chunk;

	if (!list_empty(&log->chunks)) {
		chunk = list_last_entry(&log->chunks, struct log_chunk, list);
		if (chunk->used + size <= CHUNK_DATA)
			return chunk;
	}
	while (log->size + CHUNK_SIZE > limit && !list_empty(&log->chunks))
		drop_chunk(log, list_first_entry(&log->chunks, struct log_chunk, list));
	chunk = kmalloc(CHUNK_SIZE, GFP_KERNEL | __GFP_NOWARN);
	if (!chunk) {
		chunk = list_first_entry_or_null(&log->chunks, struct log_chunk, list);
		if (!chunk)
			return NULL;
		log->size -= chunk->used;
		list_del(&chunk->list);
	}
	chunk->pos = log->end;
	chunk->used = 0;
	list_add_tail(&chunk->list, &log->chunks);
	return chunk;
}

/* UTF-8 passes; what would move a terminal's cursor does not. */
static void clean_text(u8 *text, u32 size)
{
	for (; size; size--, text++)
		if ((*text < 0x20 && *text != '\t') || *text == 0x7f)
			*text = '?';
}

static void append(struct isle_logstore *log, const struct isle_log_record *head, const void *text)
{
	struct isle_log_record *rec;
	struct log_chunk *chunk;
	u32 size = ALIGN(sizeof(*head) + head->text_size, 8);

	chunk = make_room(log, size);
	if (!chunk)
		return;
	rec = (void *)(chunk->data + chunk->used);
	memset(rec, 0, size);
	*rec = *head;
	rec->size = size;
	memcpy(rec + 1, text, head->text_size);
	clean_text((u8 *)(rec + 1), head->text_size);
	chunk->used += size;
	log->size += size;
	log->end += size;
}

__printf(3, 0)
static void append_line(struct isle *isle, u8 level, const char *format, va_list args)
{
	struct isle_log_record head = {
		.level = level, .origin = ISLE_LOG_FROM_LINUX,
		.time_ns = ktime_get_ns() - isle->log.epoch_ns,
	};
	char text[ISLE_TEXT_SIZE];

	head.text_size = vscnprintf(text, sizeof(text), format, args);
	append(&isle->log, &head, text);
}

__printf(3, 4)
static void append_format(struct isle *isle, u8 level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append_line(isle, level, format, args);
	va_end(args);
}

/* One record at *pos, of at most left bytes before head or the end of the ring. 0, or nonsense. */
static int take_record(struct isle *isle, const u8 *data, u64 *pos, u64 left, u64 data_size)
{
	u64 place = *pos & (data_size - 1);
	struct isle_log_record head;
	u8 text[ISLE_LOG_RECORD_MAX];

	left = min(left, data_size - place);
	if (left < sizeof(head))
		return -EINVAL;
	memcpy(&head, data + place, sizeof(head));
	/* The copy is checked, so that the isle cannot change it afterwards. */
	barrier();
	if (head.size % 8 || head.size < sizeof(head) || head.size > left ||
	    head.text_size > head.size - sizeof(head))
		return -EINVAL;
	*pos += head.size;
	if (head.level == ISLE_LOG_PAD)
		return 0;
	if (head.text_size > sizeof(text) - sizeof(head))
		return -EINVAL;
	memcpy(text, data + place + sizeof(head), head.text_size);
	head.origin = ISLE_LOG_FROM_ISLE;
	if (head.level > ISLE_LOG_DEBUG)
		head.level = ISLE_LOG_DEBUG;
	if (head.cpu >= isle->nr_cpus)
		head.cpu = 0;
	append(&isle->log, &head, text);
	return 0;
}

static void tell_dropped(struct isle *isle, const struct isle_log *ring)
{
	u64 dropped = READ_ONCE(ring->dropped);

	if (dropped > isle->log.dropped)
		append_format(isle, ISLE_LOG_WARN,
			      "%llu records are missing: the isle wrote faster than Linux read",
			      dropped - isle->log.dropped);
	isle->log.dropped = dropped;
}

/* log_lock. What is at head now; what comes later is for the next time, so this ends. */
static void drain(struct isle *isle)
{
	struct isle_logstore *log = &isle->log;
	u64 data_size = ISLE_LOG_DATA, head;
	struct isle_log *ring;
	const u8 *data;

	if (!isle->boot || log->broken)
		return;
	ring = isle_va(isle, isle->at.log);
	data = (const u8 *)(ring + 1);
	/* Pairs with the isle's release store of head: the records' bytes are there. */
	head = smp_load_acquire(&ring->head);
	if (head - log->tail > data_size)
		log->broken = true;
	while (log->tail != head && !log->broken)
		if (take_record(isle, data, &log->tail, head - log->tail, data_size))
			log->broken = true;
	if (log->broken)
		append_format(isle, ISLE_LOG_ERROR,
			      "the isle's log ring holds nonsense: no more of it is read (the isle "
			      "kernel has overwritten its own memory)");
	/* Pairs with the isle's acquire of tail: what was copied may be overwritten. */
	smp_store_release(&ring->tail, log->tail);
	if (!log->broken)
		tell_dropped(isle, ring);
}

void isle_log(struct isle *isle, u8 level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	mutex_lock(&isle->log_lock);
	/* What the isle said before comes before. */
	drain(isle);
	append_line(isle, level, format, args);
	mutex_unlock(&isle->log_lock);
	va_end(args);
	wake_up_all(&isle->wait);
}

void isle_log_drain(struct isle *isle)
{
	u64 end;

	mutex_lock(&isle->log_lock);
	end = isle->log.end;
	drain(isle);
	end = isle->log.end - end;
	mutex_unlock(&isle->log_lock);
	if (end)
		wake_up_all(&isle->wait);
}

/* First record at or behind off; the caller's position may be inside of one. */
static u32 align_to_record(const struct log_chunk *chunk, u64 off)
{
	u32 at = 0;

	while (at < off && at < chunk->used)
		at += ((const struct isle_log_record *)(chunk->data + at))->size;
	return at;
}

/* Whole records from at on that fit. */
static u32 whole_records(const struct log_chunk *chunk, u32 at, u32 room)
{
	u32 end = at;

	while (end < chunk->used) {
		u32 size = ((const struct isle_log_record *)(chunk->data + end))->size;

		if (end + size - at > room)
			break;
		end += size;
	}
	return end - at;
}

int isle_log_read(struct isle *isle, u64 *pos, void __user *buf, u32 size, u64 *lost)
{
	struct isle_logstore *log = &isle->log;
	struct log_chunk *chunk;
	u32 done = 0, at, n;
	int err = 0;

	*lost = 0;
	mutex_lock(&isle->log_lock);
	list_for_each_entry(chunk, &log->chunks, list) {
		if (chunk->pos + chunk->used <= *pos)
			continue;
		/* A gap: what was given up, or could not be kept. */
		if (chunk->pos > *pos) {
			*lost += chunk->pos - *pos;
			*pos = chunk->pos;
		}
		at = align_to_record(chunk, *pos - chunk->pos);
		n = whole_records(chunk, at, size - done);
		if (copy_to_user(buf + done, chunk->data + at, n)) {
			err = -EFAULT;
			break;
		}
		*pos = chunk->pos + at + n;
		done += n;
		if (at + n < chunk->used)
			break;
	}
	mutex_unlock(&isle->log_lock);
	return err ? err : done;
}

void isle_log_last(struct isle *isle, u8 level, char *text, size_t size)
{
	const struct isle_log_record *rec;
	struct log_chunk *chunk;
	u32 at;

	text[0] = 0;
	mutex_lock(&isle->log_lock);
	list_for_each_entry(chunk, &isle->log.chunks, list) {
		for (at = 0; at < chunk->used; at += rec->size) {
			rec = (const void *)(chunk->data + at);
			/* Lines that begin with a blank belong to the one before. */
			if (rec->level <= level && rec->origin == ISLE_LOG_FROM_ISLE &&
			    *(const char *)(rec + 1) != ' ')
				scnprintf(text, size,
					  "%.*s", rec->text_size, (const char *)(rec + 1));
		}
	}
	mutex_unlock(&isle->log_lock);
}
