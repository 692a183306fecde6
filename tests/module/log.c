// SPDX-License-Identifier: MIT
/*
 * log.c - what an isle says arrives whole and in order, while it runs and after its death.
 *
 * Breakages it catches: a ring that drops or repeats records when it wraps or is full, a store that
 * cuts or reorders, a follower that is not woken or does not end, a log that dies with its isle,
 * silent loss.
 */
#include "isle.h"
#include "world.h"

#include <fcntl.h>

#define LINES  10000u

/* A reader of the log by ioctl, a few records a call. */
struct reader {
	int fd;
	struct isle_log_read l;
	unsigned char buf[4 * ISLE_LOG_RECORD_MAX];
};

static void reader_open(struct reader *r, uint32_t id)
{
	memset(r, 0, sizeof(*r));
	r->fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);
	r->l.isle_id = id;
}

/* One call. 0 or -errno. */
static int reader_more(struct reader *r, uint32_t flags, uint32_t timeout_ms)
{
	r->l.flags = flags;
	r->l.timeout_ms = timeout_ms;
	r->l.buf_ptr = (uintptr_t)r->buf;
	r->l.size = sizeof(r->buf);
	return dev_call(r->fd, ISLE_IOC_LOG, &r->l);
}

/* What a flood line is made of; the injection writes "flood NUMBER". */
struct flood {
	unsigned long next;       /* number expected */
	unsigned long wrong;      /* lines out of order */
	uint64_t lost;
	uint64_t time_ns;         /* of the last record */
	unsigned long backwards;  /* records older than the one before */
};

static void flood_record(struct flood *f, const struct isle_log_record *rec,
			 const unsigned char *text)
{
	char line[ISLE_LOG_RECORD_MAX + 1], *end;
	unsigned long n;

	if (rec->time_ns < f->time_ns && rec->origin == ISLE_LOG_FROM_ISLE)
		f->backwards++;
	if (rec->origin == ISLE_LOG_FROM_ISLE)
		f->time_ns = rec->time_ns;
	memcpy(line, text, rec->text_size);
	line[rec->text_size] = 0;
	if (strncmp(line, "flood ", 6))
		return;
	n = strtoul(line + 6, &end, 10);
	if (n != f->next)
		f->wrong++;
	f->next = n + 1;
}

static void flood_records(struct flood *f, const struct reader *r)
{
	uint32_t at = 0;

	f->lost += r->l.lost;
	while (at < r->l.size) {
		struct isle_log_record rec;

		ASSERT_GE(r->l.size - at, sizeof(rec));
		memcpy(&rec, r->buf + at, sizeof(rec));
		ASSERT_THAT(rec.size >= 16 && rec.size % 8 == 0 && rec.size <= r->l.size - at &&
			    rec.text_size <= rec.size - sizeof(rec) && rec.level != ISLE_LOG_PAD,
			    "malformed record: size %u, text %u, level %u", rec.size, rec.text_size, rec.level);
		flood_record(f, &rec, r->buf + at + sizeof(rec));
		at += rec.size;
	}
}

static void expect_flood(const struct flood *f, unsigned long first)
{
	EXPECT_EQ(f->next, first + LINES);
	EXPECT_EQ(f->wrong, 0);
	EXPECT_EQ(f->backwards, 0);
	EXPECT_EQ(f->lost, 0);
}

/* Reads from the start to the end of a log that grows no more. */
static struct flood read_all(uint32_t id)
{
	struct flood f = { .next = 0 };
	struct reader r;

	reader_open(&r, id);
	do {
		ASSERT_ERR(reader_more(&r, 0, 0), 0);
		flood_records(&f, &r);
	} while (r.l.size);
	close(r.fd);
	return f;
}

/* Written as fast as the isle can, read by the module alone; then by us, alive and dead. */
TEST(flood_is_complete)
{
	struct subject it;
	struct flood f;
	unsigned long long end = check_now() + SOON_MS * 1000000ull;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "inject=logflood"))
		return;
	do {
		f = read_all(it.id);
		check_sleep_ms(50);
	} while (f.next < LINES && check_now() < end);
	expect_flood(&f, 0);
	EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, NULL), 0);
	subject_close(&it);
	f = read_all(it.id);
	expect_flood(&f, 0);
}

/* A follower sees lines while the isle runs, sleeps when there are none, and is told the end. */
TEST(follower_sees_lines_and_the_end)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull, at;
	struct flood f = { .next = 0 };
	struct subject it;
	struct reader r;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "inject=logflood"))
		return;
	reader_open(&r, it.id);
	while (f.next < LINES && check_now() < end) {
		ASSERT_ERR(reader_more(&r, ISLE_LOG_F_FOLLOW, 1000), 0);
		flood_records(&f, &r);
		EXPECT_EQ(r.l.ended, 0);
	}
	expect_flood(&f, 0);
	do {
		at = check_now();
		ASSERT_ERR(reader_more(&r, ISLE_LOG_F_FOLLOW, 300), 0);
	} while (r.l.size && check_now() < end);
	EXPECT_GE(check_now() - at, 300000000ull);
	EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, NULL), 0);
	subject_close(&it);
	do {
		ASSERT_ERR(reader_more(&r, ISLE_LOG_F_FOLLOW, SOON_MS), 0);
	} while (r.l.size && check_now() < end);
	EXPECT_EQ(r.l.ended, 1);
	close(r.fd);
}

/* A follower that sleeps when the isle's owner dies is woken, not left until its time is up. */
TEST(follower_is_woken_by_the_end)
{
	unsigned long long at;
	struct subject it;
	int status;
	pid_t pid;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "idle"))
		return;
	pid = child_fork();
	if (pid == 0) {
		static struct reader r;

		dev_close_all();
		reader_open(&r, it.id);
		do {
			if (reader_more(&r, ISLE_LOG_F_FOLLOW, ISLE_TIMEOUT_MAX_MS))
				_exit(1);
		} while (!r.l.ended);
		_exit(0);
	}
	check_sleep_ms(200);
	at = check_now();
	subject_close(&it);
	status = child_wait(pid, SOON_MS);
	EXPECT_EQ(status, 0);
	EXPECT_LT(check_now() - at, SOON_MS * 1000000ull);
}

/*
 * A position behind the end waits or says nothing; one before the first record kept says how much
 * is lost.
 */
TEST(positions)
{
	struct isle_stat st;
	struct subject it;
	struct reader r;
	uint64_t whole;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "idle"))
		return;
	ASSERT_ERR(dev_stop(it.fd, SOON_MS, 0, NULL), 0);
	ASSERT_ERR(dev_stat(it.id, &st), 0);
	EXPECT_GT(st.log_end, 0);
	reader_open(&r, it.id);
	ASSERT_ERR(reader_more(&r, 0, 0), 0);
	EXPECT_GT(r.l.size, 0);
	EXPECT_EQ(r.l.lost, 0);
	whole = r.l.size;
	while (r.l.size)
		ASSERT_ERR(reader_more(&r, 0, 0), 0);
	EXPECT_EQ(r.l.pos, st.log_end);
	/* Twice the same from the same place. */
	r.l.pos = 0;
	ASSERT_ERR(reader_more(&r, 0, 0), 0);
	EXPECT_EQ(r.l.size, whole);
	close(r.fd);
}

/*
 * What cannot be kept is counted. The module's smallest store is far smaller than this many floods.
 */
TEST(what_is_lost_is_counted)
{
	char store[32], line[128];
	struct subject it;
	struct reader r;
	struct flood f = { .next = 0 };

	need_image();
	need_reserve();
	file_text("/sys/module/isle/parameters/log_kib", store, sizeof(store));
	if (!store[0])
		SKIP("the module's store has a fixed size");
	if (file_write("/sys/module/isle/parameters/log_kib", "64"))
		SKIP("the size of the module's store cannot be changed while it is loaded");
	snprintf(line, sizeof(line), "inject=logflood stop");
	if (subject_run(&it, places()->far, line)) {
		wait_end(it.id, SOON_MS);
		reader_open(&r, it.id);
		do {
			ASSERT_ERR(reader_more(&r, 0, 0), 0);
			f.next = f.next ? f.next : LINES;
			f.lost += r.l.lost;
		} while (r.l.size);
		EXPECT_GT(f.lost, 0);
		close(r.fd);
	}
	file_write("/sys/module/isle/parameters/log_kib", store);
}

int main(void)
{
	return check_main(&isle_hooks);
}
