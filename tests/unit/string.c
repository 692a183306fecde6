// SPDX-License-Identifier: MIT
/*
 * string.c - the kernel's string functions, compiled under other names, against the C library's.
 */
#include "unit.h"

void *kern_memset(void *to, int byte, size_t size);
void *kern_memcpy(void *restrict to, const void *restrict from, size_t size);
void *kern_memmove(void *to, const void *from, size_t size);
int kern_memcmp(const void *a, const void *b, size_t size);
size_t kern_strlen(const char *s);
size_t kern_strnlen(const char *s, size_t max);
int kern_strcmp(const char *a, const char *b);
int kern_strncmp(const char *a, const char *b, size_t max);
char *kern_strchr(const char *s, int c);

enum { ROOM = 64 };

static void fill(char *at)
{
	int i;

	for (i = 0; i < ROOM; i++)
		at[i] = (char)unit_random();
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

TEST(memory)
{
	char ours[ROOM], theirs[ROOM], from[ROOM];
	size_t to, at, size;

	for (to = 0; to < 10; to++)
		for (at = 0; at < 20; at++)
			for (size = 0; size < 40; size++) {
				fill(ours);
				fill(from);
				memcpy(theirs, ours, ROOM);
				kern_memcpy(ours + to, from + at, size);
				memcpy(theirs + to, from + at, size);
				kern_memmove(ours + to, ours + at, size);
				memmove(theirs + to, theirs + at, size);
				kern_memset(ours + at, (int)size + 200, size / 2);
				memset(theirs + at, (int)size + 200, size / 2);
				if (!EXPECT(!memcmp(ours, theirs, ROOM)))
					return;
				EXPECT_EQ(sign(kern_memcmp(ours + to, from + to, size)),
					  sign(memcmp(ours + to, from + to, size)));
			}
}

TEST(strings)
{
	static const char *const words[] = { "", "a", "b", "ab", "abc", "abd", "\xff", "a\xff", "abcdefghij" };
	size_t i, j, n;

	for (i = 0; i < 9; i++) {
		EXPECT_EQ(kern_strlen(words[i]), strlen(words[i]));
		EXPECT_EQ(kern_strnlen(words[i], 2), strnlen(words[i], 2));
		EXPECT(kern_strchr(words[i], 'b') == strchr(words[i], 'b'));
		EXPECT(kern_strchr(words[i], 0) == words[i] + strlen(words[i]));
		for (j = 0; j < 9; j++) {
			EXPECT_EQ(sign(kern_strcmp(words[i], words[j])), sign(strcmp(words[i], words[j])));
			for (n = 0; n < 5; n++)
				EXPECT_EQ(sign(kern_strncmp(words[i], words[j], n)),
					  sign(strncmp(words[i], words[j], n)));
		}
	}
}

int main(void)
{
	return check_main(NULL);
}
