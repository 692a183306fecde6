// SPDX-License-Identifier: MIT
/*
 * log.c - the log ring's writer against a reader that trusts nothing.
 *
 * Breakages it catches: records that straddle the end, are torn, cut, repeated or out of order; a
 * writer that overtakes the reader or waits for ever; losses that are not counted; a tail out of
 * its mind that makes the writer write outside the ring.
 */
#include "unit.h"

#include <pthread.h>

#include <isle/log.h>
#include <kern/boot.h>
#include <kern/log.h>
#include <kern/time.h>

#define MIB  (1ull << 20)

static struct isle_log *ring;

static void machine(void)
{
	struct isle_extent list[] = { { .hpa = 2 * MIB, .size = 32 * MIB, .node = 0 } };

	host_start(list, 1);
	time_init(1000000, 0);
	ring = private_at(boot->log_ipa);
	ASSERT_THAT(!log_init(ring, boot->log_size), "the ring is refused");
	log_level_set(ISLE_LOG_DEBUG);
}

/* Takes the next record's text; 0 if there is none, -1 if the ring is malformed. */
static int take(char *text, struct isle_log_record *record)
{
	uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE), tail = ring->tail;
	const uint8_t *data = (const uint8_t *)(ring + 1);

	for (;;) {
		uint64_t at = tail % HOST_LOG_DATA;

		if (tail == head)
			return 0;
		if (head - tail > HOST_LOG_DATA)
			return -1;
		memcpy(record, data + at, sizeof(*record));
		if (record->size < sizeof(*record) || record->size % 8 || record->size > head - tail ||
		    record->size > HOST_LOG_DATA - at || record->size > ISLE_LOG_RECORD_MAX ||
		    record->text_size > record->size - sizeof(*record))
			return -1;
		memcpy(text, data + at + sizeof(*record), record->text_size);
		text[record->text_size] = 0;
		tail += record->size;
		__atomic_store_n(&ring->tail, tail, __ATOMIC_RELEASE);
		if (record->level != ISLE_LOG_PAD)
			return 1;
	}
}

TEST(a_record_is_what_was_said)
{
	struct isle_log_record r;
	char text[2048];

	machine();
	log_warn("a %d %s", 1, "two");
	ASSERT_EQ(take(text, &r), 1);
	EXPECT_STR(text, "a 1 two");
	EXPECT_EQ(r.level, ISLE_LOG_WARN);
	EXPECT_EQ(r.origin, ISLE_LOG_FROM_ISLE);
	EXPECT_EQ(r.cpu, 0);
	EXPECT_NE(boot->first_log_tsc, 0);
	log_level_set(ISLE_LOG_WARN);
	log_info("not said");
	EXPECT_EQ(take(text, &r), 0);
	log_error("said");
	EXPECT_EQ(take(text, &r), 1);
	EXPECT_STR(text, "said");
}

TEST(lines_become_records)
{
	struct isle_log_record r;
	char text[2048];

	machine();
	log_info("one\ntwo\n\nfour");
	EXPECT(take(text, &r) == 1 && !strcmp(text, "one"));
	EXPECT(take(text, &r) == 1 && !strcmp(text, "two"));
	EXPECT(take(text, &r) == 1 && !strcmp(text, ""));
	EXPECT(take(text, &r) == 1 && !strcmp(text, "four"));
	EXPECT_EQ(take(text, &r), 0);
}

/* Every length around the limit: nothing cut, no character torn. */
TEST(long_texts_are_split_between_characters)
{
	static char said[4000], got[4000], text[2048];
	struct isle_log_record r;
	size_t size, i, shift;

	machine();
	for (shift = 0; shift < 3; shift++)
		for (size = 980; size < 2100; size += size > 1010 && size < 1990 ? 91 : 1) {
			for (i = 0; i < size; i++)
				said[i] = i < shift ? 'x' : "\xe2\x82\xac"[(i - shift) % 3];
			said[size] = 0;
			got[0] = 0;
			log_info("%s", said);
			while (take(text, &r) == 1) {
				EXPECT_NE((unsigned char)text[0] & 0xc0, 0x80);
				strcat(got, text);
			}
			if (!EXPECT_THAT(!strcmp(got, said), "%zu bytes arrive as %zu", size, strlen(got)))
				return;
		}
}

/* Random lengths through many turns of the ring, the reader in bursts. */
TEST(turns_of_the_ring)
{
	uint64_t said = 0, got = 0;
	struct isle_log_record r;
	char text[2048];
	int i, step, end = 0;

	machine();
	for (step = 0; step < 3000 && !check_state.failures; step++) {
		/* Not more than fits, else it would wait for us. */
		for (i = 0; i < (int)(unit_random() % 12); i++) {
			int width = (int)(unit_random() % 1000) + 1;

			log_info("%0*lu", width, said++);
		}
		while ((end = take(text, &r)) == 1)
			EXPECT_EQ(strtoul(text, NULL, 10), got++);
		EXPECT_EQ(end, 0);
		EXPECT_EQ(got, said);
	}
	EXPECT_EQ(ring->dropped, 0);
	EXPECT_GT(ring->head, 100 * HOST_LOG_DATA);
}

TEST(drops_are_counted_and_do_not_wait_twice)
{
	uint64_t said = 0, got = 0;
	unsigned long long start;
	struct isle_log_record r;
	char text[2048];

	machine();
	while (!log_dropped() && said < 10000)
		log_info("line %lu", said++);
	start = check_now();
	log_info("line %lu", said++);
	EXPECT_LT(check_now() - start, 50000000ull);
	EXPECT_EQ(ring->dropped, 2);
	while (take(text, &r) == 1)
		got++;
	EXPECT_EQ(got + ring->dropped, said);
	/* The reader is back. */
	log_info("again");
	EXPECT(take(text, &r) == 1 && !strcmp(text, "again"));
}

/* The rest of the page stays as it is, whatever Linux or a mad isle writes into the header. */
TEST(header_gone_mad)
{
	uint8_t *behind, before[64];
	unsigned int i;

	machine();
	behind = (uint8_t *)(ring + 1) + HOST_LOG_DATA;
	memset(behind, 0x5c, sizeof(before));
	memcpy(before, behind, sizeof(before));
	for (i = 0; i < 16; i++) {
		ring->tail = unit_random();
		ring->data_size = unit_random();
		ring->head = unit_random();
		log_info("%0*u", (int)(i * 131 % 900) + 1, i);
	}
	EXPECT(!memcmp(before, behind, sizeof(before)));
}

TEST(wrong_rings_are_refused)
{
	machine();
	EXPECT(!log_init(ring, boot->log_size));
	EXPECT(log_init(ring, boot->log_size - 1));
	EXPECT(log_init(ring, 100));
	ring->data_size = HOST_LOG_DATA - 8;
	EXPECT(log_init(ring, boot->log_size));
	ring->data_size = 1024;
	EXPECT(log_init(ring, boot->log_size));
	ring->data_size = HOST_LOG_DATA;
	ring->magic++;
	EXPECT(log_init(ring, boot->log_size));
}

enum { WRITERS = 2, LINES = 20000 };

static void *writer(void *arg)
{
	uint32_t row = (uint32_t)(uintptr_t)arg, i;

	host_cpu_enter(row, 0);
	for (i = 0; i < LINES; i++)
		log_info("%u %0*u", row, (int)(i % 100) + 1, i);
	return NULL;
}

/* Two cores write while a reader drains: all there, each core's in order, times never backwards. */
TEST(cores_and_a_reader)
{
	unsigned long next[WRITERS + 1] = { 0 }, got = 0, row, n;
	unsigned long long end = check_now() + 60000000000ull;
	pthread_t thread[WRITERS];
	struct isle_log_record r;
	uint64_t time = 0;
	char text[2048];
	uintptr_t i;

	machine();
	for (i = 0; i < WRITERS; i++)
		pthread_create(&thread[i], NULL, writer, (void *)(i + 1));
	while (got < WRITERS * LINES && check_now() < end) {
		int taken = take(text, &r);

		if (!EXPECT_GE(taken, 0))
			break;
		if (!taken) {
			sched_yield();
			continue;
		}
		row = strtoul(text, NULL, 10);
		n = strtoul(text + 2, NULL, 10);
		if (!EXPECT(row <= WRITERS && n == next[row] && r.cpu == row && r.time_ns >= time))
			break;
		next[row]++;
		time = r.time_ns;
		got++;
	}
	for (i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(got, WRITERS * LINES);
	EXPECT_EQ(ring->dropped, 0);
}

int main(void)
{
	return check_main(NULL);
}
