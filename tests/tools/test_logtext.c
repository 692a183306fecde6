/* SPDX-License-Identifier: MIT */
/*
 * test_logtext.c - log records as lines, also when an isle wrote garbage.
 */
#include "check.h"

#include "fake.h"
#include "logtext.h"

static char *text;
static size_t size;

static void begin(struct logtext *log, enum logtext_form form)
{
	memset(log, 0, sizeof(*log));
	log->out = open_memstream(&text, &size);
	log->form = form;
	memset(&fake_log, 0, sizeof(fake_log));
}

static void expect(struct logtext *log, const char *want)
{
	fclose(log->out);
	EXPECT_STR(text, want);
	free(text);
}

TEST(logtext_lines)
{
	struct dev dev = { .fd = -1 };
	struct logtext log;

	begin(&log, LOGTEXT_LINES);
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_INFO, 2, 1234567, "hello");
	fake_log_add(ISLE_LOG_FROM_LINUX, ISLE_LOG_INFO, 0, 12345678901234, "started");
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_ERROR, 11, 5, "bad\x1b[31m\tx\x7f");
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_PAD, 0, 0, "");
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_WARN, 0, 0, "");
	ASSERT_ERR(logtext_drain(&log, &dev, 1, 0), 0);
	EXPECT(log.ended);
	EXPECT_EQ(log.pos, fake_log.size);
	expect(&log,
	       "[   0.001234] cpu2: hello\n[12345.678901] linux: started\n"
	       "[   0.000000] cpu11: error: bad\\x1b[31m\tx\\x7f\n[   0.000000] cpu0: warning: \n");
}

TEST(logtext_raw_and_json)
{
	struct dev dev = { .fd = -1 };
	struct logtext log;

	begin(&log, LOGTEXT_RAW);
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_INFO, 2, 1, "a\x1b b");
	ASSERT_ERR(logtext_drain(&log, &dev, 1, 0), 0);
	expect(&log, "a\x1b b\n");
	begin(&log, LOGTEXT_JSON);
	fake_log_add(ISLE_LOG_FROM_LINUX, ISLE_LOG_DEBUG, 2, 99, "say \"x\"\xff");
	ASSERT_ERR(logtext_drain(&log, &dev, 1, 0), 0);
	expect(&log, "{\"time_ns\": 99, \"origin\": \"linux\", \"cpu\": 2, \"level\": \"debug\", "
		     "\"text\": \"say \\\"x\\\"\\ufffd\"}\n");
}

TEST(logtext_says_what_is_lost)
{
	struct dev dev = { .fd = -1 };
	struct logtext log;

	begin(&log, LOGTEXT_LINES);
	fake_log.first = 96;
	fake_log_add(ISLE_LOG_FROM_ISLE, ISLE_LOG_INFO, 0, 0, "late");
	ASSERT_ERR(logtext_drain(&log, &dev, 1, 0), 0);
	expect(&log, "[... 96 bytes are lost ...]\n[   0.000000] cpu0: late\n");
}

TEST(logtext_refuses_malformed_records)
{
	static const uint16_t sizes[][2] = {
		{ 0, 0 }, { 8, 0 }, { 17, 0 }, { 4096, 0 }, { 16, 1 }, { 24, 9 }, { 24, 65535 },
	};
	struct isle_log_record record;
	unsigned char buffer[32];
	struct logtext log;
	unsigned int i;

	begin(&log, LOGTEXT_LINES);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(&record, 0, sizeof(record));
		record.size = sizes[i][0];
		record.text_size = sizes[i][1];
		record.level = ISLE_LOG_INFO;
		memset(buffer, 'x', sizeof(buffer));
		memcpy(buffer, &record, sizeof(record));
		EXPECT_THAT(!logtext_print(&log, buffer, 24), "size %u, text %u", sizes[i][0],
			    sizes[i][1]);
	}
	EXPECT(!logtext_print(&log, buffer, 15));
	EXPECT(logtext_print(&log, buffer, 0));
	expect(&log, "");
}
