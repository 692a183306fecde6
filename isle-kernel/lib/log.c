// SPDX-License-Identifier: MIT
/*
 * log.c - writes records into the log ring; format and rules are in abi/isle/log.h.
 *
 * One lock over all of it: text is formatted straight into one record's buffer, and each full or
 * finished line is published by a release store of head. The reader's tail is not believed beyond
 * being within one ring of head.
 */
#include <kern/log.h>

#include <arch/cpu.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/fmt.h>
#include <kern/ipi.h>
#include <kern/lock.h>
#include <kern/string.h>
#include <kern/time.h>
#include <plat/plat.h>

/* 8 bytes less than would fit: a record may have to swallow as much at the ring's end. */
#define TEXT_MAX       (ISLE_LOG_RECORD_MAX - sizeof(struct isle_log_record) - 8)
#define READER_MS      500u   /* a reader that has not moved for so long is not there (Linux may be busy) */
#define BREAK_MS       50u    /* how long a panic waits for the lock */

/*
 * Sizes and place are copied once: the header in the ring is not trusted afterwards, it may be
 * overwritten.
 */
static struct {
	struct spinlock lock;
	struct isle_log *ring;
	uint8_t *data;
	uint64_t data_size;
	uint64_t head;
	uint64_t dropped;
	uint64_t stuck_at;       /* tail at which the reader was found absent */
	bool     stuck;
	bool     breakable;      /* a panic is on: do not wait for the lock for ever */
	uint32_t level;
} log = { .lock = SPINLOCK_INIT, .level = ISLE_LOG_INFO };

/* The line being made; under the lock. */
static struct line {
	struct fmt_sink sink;
	uint32_t level;
	size_t size;
	char text[TEXT_MAX];
} line;

const char *log_init(struct isle_log *ring, uint64_t size)
{
	if (ring->magic != ISLE_LOG_MAGIC)
		return "the log has no magic word";
	if (ring->data_size < 2 * ISLE_LOG_RECORD_MAX ||
	    (ring->data_size & (ring->data_size - 1)) ||
	    size < sizeof(*ring) || ring->data_size > size - sizeof(*ring))
		return "the log's size is wrong";
	log.ring = ring;
	log.data = (uint8_t *)(ring + 1);
	log.data_size = ring->data_size;
	log.head = ring->head;
	return NULL;
}

void log_level_set(uint32_t level)
{
	log.level = level;
}

uint64_t log_dropped(void)
{
	return log.dropped;
}

static uint64_t tail_read(void)
{
	/* Acquire: pairs with the reader's release; it has copied what we overwrite next. */
	return __atomic_load_n(&log.ring->tail, __ATOMIC_ACQUIRE);
}

/* Bytes in use; a tail that makes no sense counts as a full ring. */
static uint64_t used(uint64_t tail)
{
	uint64_t n = log.head - tail;

	return n <= log.data_size ? n : log.data_size;
}

/* Waits for room while the reader moves. */
static bool room_wait(uint64_t size)
{
	uint64_t tail = tail_read(), last = tail;
	uint64_t end = time_deadline_ms(READER_MS);

	if (log.data_size - used(tail) >= size) {
		log.stuck = false;
		return true;
	}
	if (log.stuck && tail == log.stuck_at)
		return false;
	bell_ring(ISLE_BELL_LOG);
	while (log.data_size - used(tail) < size) {
		if (tail != last) {
			last = tail;
			end = time_deadline_ms(READER_MS);
			bell_ring(ISLE_BELL_LOG);
		}
		if (time_past(end)) {
			log.stuck = true;
			log.stuck_at = tail;
			return false;
		}
		cpu_relax();
		tail = tail_read();
	}
	return true;
}

static void record_put(uint64_t size, uint32_t level, const char *text, size_t text_size)
{
	uint8_t *at = log.data + (log.head & (log.data_size - 1));
	struct isle_log_record record = {
		.size = (uint16_t)size,
		.text_size = (uint16_t)text_size,
		.level = (uint8_t)level,
		.origin = ISLE_LOG_FROM_ISLE,
		.cpu = (uint16_t)this_cpu()->row,
		.time_ns = time_ns(),
	};

	memcpy(at, &record, sizeof(record));
	if (level != ISLE_LOG_PAD) {
		memcpy(at + sizeof(record), text, text_size);
		memset(at + sizeof(record) + text_size, 0, size - sizeof(record) - text_size);
	}
	log.head += size;
}

/* Publishes one record and tells the reader if it should come. */
static void record_publish(uint32_t level, const char *text, size_t text_size)
{
	uint64_t size = (sizeof(struct isle_log_record) + text_size + 7) & ~7ull;
	uint64_t left = log.data_size - (log.head & (log.data_size - 1));
	uint64_t before = used(tail_read());

	/*
	 * What would remain behind this record must hold a pad, 16 bytes at least, or be nothing.
	 */
	if (left == size + 8)
		size = left;
	if (!room_wait(left < size ? left + size : size)) {
		log.dropped++;
		__atomic_store_n(&log.ring->dropped, log.dropped, __ATOMIC_RELAXED);
		return;
	}
	if (left < size)
		record_put(left, ISLE_LOG_PAD, NULL, 0);
	record_put(size, level, text, text_size);
	/* Release: pairs with the reader's acquire of head; the record's bytes are there. */
	__atomic_store_n(&log.ring->head, log.head, __ATOMIC_RELEASE);
	if (!boot->first_log_tsc)
		boot->first_log_tsc = tsc_read();
	plat->log_written();
	if (before < log.data_size / 2 && used(tail_read()) >= log.data_size / 2)
		bell_ring(ISLE_BELL_LOG);
}

/* Where to cut a line that is too long: not within a UTF-8 character. */
static size_t cut_at(const char *text, size_t size)
{
	size_t cut = size;

	while (cut > size - 4 && ((uint8_t)text[cut - 1] & 0xc0) == 0x80)
		cut--;
	if (cut > size - 4 && ((uint8_t)text[cut - 1] & 0xc0) == 0xc0)
		return cut - 1;
	return size;
}

/* A full line goes out, but for an end that would cut a character. */
static void line_split(void)
{
	size_t cut = cut_at(line.text, TEXT_MAX);

	record_publish(line.level, line.text, cut);
	memmove(line.text, line.text + cut, TEXT_MAX - cut);
	line.size = TEXT_MAX - cut;
}

/* Copies text word by word. False: it has something below a blank, or seems to, and must be looked at closely. */
static bool plain_copy(char *to, const char *text, size_t size)
{
	const uint64_t ones = 0x0101010101010101ull;
	uint64_t word, found = 0;

	for (; size >= 8; size -= 8, text += 8, to += 8) {
		__builtin_memcpy(&word, text, 8);
		found |= (word - ones * ' ') & ~word;
		__builtin_memcpy(to, &word, 8);
	}
	for (; size; size--) {
		found |= (uint64_t)(*text - ' ') & 0x80;
		*to++ = *text++;
	}
	return !(found & ones * 0x80);
}

static void line_put(struct fmt_sink *sink, const char *text, size_t size)
{
	const char *end = text + size;
	size_t at = line.size;

	if (size <= TEXT_MAX - at && plain_copy(line.text + at, text, size)) {
		line.size += size;
		return;
	}
	for (; text < end; text++) {
		if (*text == '\n') {
			record_publish(line.level, line.text, at);
			at = 0;
			continue;
		}
		if (at == TEXT_MAX) {
			line_split();
			at = line.size;
		}
		line.text[at++] = *text ? *text : '?';
	}
	line.size = at;
	(void)sink;
}

static void lock_take(void)
{
	uint64_t end = time_deadline_ms(BREAK_MS);

	while (!spin_trylock(&log.lock)) {
		if (__atomic_load_n(&log.breakable, __ATOMIC_RELAXED)) {
			if (time_past(end)) {
				log.lock = (struct spinlock)SPINLOCK_INIT;
				end = time_deadline_ms(BREAK_MS);
			}
		} else {
			ipi_poll();
		}
		cpu_relax();
	}
}

void log_lock_break(void)
{
	__atomic_store_n(&log.breakable, true, __ATOMIC_RELAXED);
}

void log_vprint(uint32_t level, const char *format, va_list args)
{
	if (!log.ring || level > log.level)
		return;
	lock_take();
	line.sink.put = line_put;
	line.level = level;
	line.size = 0;
	fmt_sink_vprint(&line.sink, format, args);
	if (line.size)
		record_publish(level, line.text, line.size);
	spin_unlock(&log.lock);
}

void log_print(uint32_t level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_vprint(level, format, args);
	va_end(args);
}
