/* SPDX-License-Identifier: MIT */
/*
 * test_size.c - amounts of memory, both ways.
 */
#include "check.h"

#include "size.h"

TEST(size_is_read)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "512B", 512 },
		{ "1K", 1024 },
		{ "1k", 1024 },
		{ "2KiB", 2048 },
		{ "512M", 512ull << 20 },
		{ "512MB", 512ull << 20 },
		{ "1.5G", 3ull << 29 },
		{ "2GiB", 2ull << 30 },
		{ "2gib", 2ull << 30 },
		{ "0.25G", 256ull << 20 },
		{ ".5K", 512 },
		{ "1T", 1ull << 40 },
		{ "3P", 3ull << 50 },
		{ "7E", 7ull << 60 },
		{ "1.0001K", 1024 },
		{ "9223372036854775807", 0x7fffffffffffffff },
		{ "5 G", 5ull << 30 },
	};
	struct why why;
	uint64_t bytes;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		EXPECT_THAT(size_parse(rows[i].text, strlen(rows[i].text), &bytes, &why) == 0,
			    "'%s': %s", rows[i].text, why.text);
		EXPECT_THAT(bytes == rows[i].bytes, "'%s' is %llu", rows[i].text,
			    (unsigned long long)bytes);
	}
}

TEST(size_nonsense_is_refused_with_a_sentence)
{
	static const char *const rows[] = {
		"",
		"G",
		"M5",
		"-1G",
		"1X",
		"1GG",
		"1GiX",
		"1.5.2G",
		".",
		"1,5G",
		"8E",
		"16E",
		"1e9",
		"0x10",
		"99999999999999999999999999",
		"9999999999999999999999999999999999999999G",
		"1 G B",
		"nan",
		"1.1234567G",
	};
	struct why why;
	uint64_t bytes;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why.text[0] = 0;
		EXPECT_THAT(size_parse(rows[i], strlen(rows[i]), &bytes, &why) == -EINVAL,
			    "'%s' is taken", rows[i]);
		EXPECT_THAT(strlen(why.text) > 10, "'%s' has no sentence", rows[i]);
	}
}

TEST(size_reads_no_further_than_told)
{
	struct why why;
	uint64_t bytes;

	EXPECT_ERR(size_parse("12G", 2, &bytes, &why), 0);
	EXPECT_EQ(bytes, 12);
	EXPECT_ERR(size_parse("12G@1", 3, &bytes, &why), 0);
	EXPECT_EQ(bytes, 12ll << 30);
}

TEST(size_is_printed)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1536, "1.50 KiB" },
		{ 512ull << 20, "512 MiB" },
		{ 3ull << 29, "1.50 GiB" },
		{ 1ull << 40, "1 TiB" },
		{ (1ull << 30) + 1, "1.00 GiB" },
		{ ~0ull, "15.99 EiB" },
		{ 1000ull << 20, "1000 MiB" },
	};
	char text[SIZE_TEXT];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EXPECT_STR(size_print(rows[i].bytes, text), rows[i].text);
}
