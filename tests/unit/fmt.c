// SPDX-License-Identifier: MIT
/*
 * fmt.c - the formatter says what the C library says, and never writes behind its buffer.
 */
#include "unit.h"

#include <kern/fmt.h>

/*
 * Both formatters, the same text and length; and into a buffer too small by each possible amount.
 */
#define SAME(...) \
	do { \
		char ours[256], theirs[256]; \
		size_t want = (size_t)snprintf(theirs, sizeof(theirs), __VA_ARGS__); \
		EXPECT_EQ(fmt_print(ours, sizeof(ours), __VA_ARGS__), want); \
		EXPECT_STR(ours, theirs); \
		for (size_t size = 0; size <= want; size++) { \
			memset(ours, '#', sizeof(ours)); \
			EXPECT_EQ(fmt_print(ours, size, __VA_ARGS__), want); \
			EXPECT_EQ(ours[size], '#'); \
			if (size) \
				EXPECT(!ours[size - 1] && !memcmp(ours, theirs, size - 1)); \
		} \
	} while (0)

TEST(integers)
{
	SAME("%d %i %u", 0, -1, 1u);
	SAME("%d %d", 2147483647, -2147483647 - 1);
	SAME("%u %x %X %o", 4294967295u, 0xdeadbeefu, 0xdeadbeefu, 0755u);
	SAME("%ld %lu %lx", -9223372036854775807l - 1, 18446744073709551615ul, 0x123456789abcdef0ul);
	SAME("%lld %llu %zu %zd", -5ll, 5ull, (size_t)7, (ssize_t)-7);
	SAME("%hd %hu %hhd %hhu", (short)-3, (unsigned short)65535, (signed char)-4, (unsigned char)255);
	SAME("%+d %+d %#x %#o %#x", 5, -5, 255u, 8u, 0u);
}

TEST(widths)
{
	SAME("[%5d][%-5d][%05d][%2d]", 42, 42, -42, 12345);
	SAME("[%.3d][%8.3d][%-8.3d][%.0d]", 7, 7, 7, 0);
	SAME("[%016lx][%-16lx][%#10x][%#010x]", 0xabcul, 0xabcul, 0xabu, 0xabu);
	SAME("[%*d][%-*d][%*d]", 6, 1, 6, 2, -6, 3);
	SAME("[%10s][%-10s][%.2s][%.*s][%5.1s]", "abc", "abc", "abc", 1, "xyz", "pq");
	SAME("[%c][%3c][%-3c]", 'a', 'b', 'c');
	SAME("%s%%%s", "", "x");
	SAME("%p", (void *)0x1234);
}

/* What the C library leaves undefined. */
TEST(not_understood)
{
	const char *volatile odd = "%k %5q %";
	const char *volatile null = NULL;
	char text[64];

	fmt_print(text, sizeof(text), odd);
	EXPECT_STR(text, "%k %5q %");
	fmt_print(text, sizeof(text), "%s", null);
	EXPECT_STR(text, "(null)");
}

int main(void)
{
	return check_main(NULL);
}
