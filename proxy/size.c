/* SPDX-License-Identifier: MIT */
/*
 * size.c - parses and prints amounts of memory, in integers throughout.
 */
#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FRACTION_DIGITS 6u

static const char letters[] = "KMGTPE";

/* Shift of a suffix: nothing or B, or a letter, alone or with B or iB. -1: there is none such. */
static int suffix_shift(const char *text, size_t length)
{
	const char *letter;

	if (length == 0 || (length == 1 && toupper((unsigned char)*text) == 'B'))
		return 0;
	letter = strchr(letters, toupper((unsigned char)*text));
	if (!letter || !*letter)
		return -1;
	if (length == 1 || (length == 2 && strncasecmp(text + 1, "B", 1) == 0) ||
	    (length == 3 && strncasecmp(text + 1, "iB", 2) == 0))
		return 10 * (int)(letter - letters + 1);
	return -1;
}

static int malformed(const char *text, size_t length, struct why *why)
{
	return why_say(why, -EINVAL,
		       "'%.*s' is not an amount of memory; write it like 512M, 1.5G or 2GiB",
		       length > 80 ? 80 : (int)length, text);
}

int size_parse(const char *text, size_t length, uint64_t *bytes, struct why *why)
{
	unsigned __int128 whole = 0, scaled;
	uint64_t scale = 1;
	unsigned int digits = 0;
	size_t i = 0;
	int shift;

	for (; i < length && isdigit((unsigned char)text[i]) && whole >> 64 == 0; i++, digits++)
		whole = whole * 10 + (unsigned int)(text[i] - '0');
	if (i < length && text[i] == '.') {
		for (i++; i < length && isdigit((unsigned char)text[i]) && scale < 1000000;
		     i++, digits++) {
			whole = whole * 10 + (unsigned int)(text[i] - '0');
			scale *= 10;
		}
	}
	/* A number of this many digits is not meant; more than six behind the point neither. */
	if (digits == 0 || digits > 20 + FRACTION_DIGITS)
		return malformed(text, length, why);
	while (i < length && text[i] == ' ')
		i++;
	shift = suffix_shift(text + i, length - i);
	if (shift < 0)
		return malformed(text, length, why);
	scaled = whole << shift;
	if (scaled / scale >= (unsigned __int128)1 << 63)
		return why_say(why, -EINVAL, "'%.*s' is more memory than any machine has",
			       length > 80 ? 80 : (int)length, text);
	*bytes = (uint64_t)(scaled / scale);
	return 0;
}

const char *size_print(uint64_t bytes, char text[SIZE_TEXT])
{
	unsigned int unit = 0;
	uint64_t hundredths;

	while (unit < sizeof(letters) - 1 && bytes >> (10 * (unit + 1)))
		unit++;
	if (unit == 0) {
		snprintf(text, SIZE_TEXT, "%llu B", (unsigned long long)bytes);
		return text;
	}
	hundredths = (uint64_t)(((unsigned __int128)bytes * 100) >> (10 * unit));
	if ((bytes & ((1ull << (10 * unit)) - 1)) == 0)
		snprintf(text, SIZE_TEXT, "%llu %ciB", (unsigned long long)(bytes >> (10 * unit)),
			 letters[unit - 1]);
	else
		snprintf(text, SIZE_TEXT, "%llu.%02llu %ciB",
			 (unsigned long long)(hundredths / 100),
			 (unsigned long long)(hundredths % 100), letters[unit - 1]);
	return text;
}
