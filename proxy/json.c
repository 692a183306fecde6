/* SPDX-License-Identifier: MIT */
/*
 * json.c - the writer: separators, escapes, and what to do with bytes that are not UTF-8. RFC 8259.
 */
#include "json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void json_begin(struct json *json, FILE *out, bool flat)
{
	memset(json, 0, sizeof(*json));
	json->out = out;
	json->flat = flat;
}

void json_end(struct json *json)
{
	putc('\n', json->out);
}

static void line_begin(struct json *json)
{
	if (!json->flat)
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
}

/*
 * Length of the well-formed UTF-8 sequence at text, 0 if there is none. Unicode 15.0, table 3-7: no
 * overlong forms, no surrogates, nothing above U+10FFFF.
 */
static size_t utf8_length(const unsigned char *text, size_t size)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length, i;

	if (text[0] < 0x80)
		return 1;
	length = text[0] < 0xc2	  ? 0
		 : text[0] < 0xe0 ? 2
		 : text[0] < 0xf0 ? 3
		 : text[0] < 0xf5 ? 4
				  : 0;
	if (length == 0 || length > size)
		return 0;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	for (i = 1; i < length; i++, low = 0x80, high = 0xbf)
		if (text[i] < low || text[i] > high)
			return 0;
	return length;
}

static void string_write(FILE *out, const char *string, size_t size)
{
	const unsigned char *text = (const unsigned char *)string;
	size_t i, length;

	putc('"', out);
	for (i = 0; i < size; i += length) {
		length = utf8_length(text + i, size - i);
		if (length == 0) {
			fputs("\\ufffd", out);
			length = 1;
		} else if (text[i] == '"' || text[i] == '\\') {
			fprintf(out, "\\%c", text[i]);
		} else if (text[i] == '\n') {
			fputs("\\n", out);
		} else if (text[i] == '\t') {
			fputs("\\t", out);
		} else if (text[i] < 0x20 || text[i] == 0x7f) {
			fprintf(out, "\\u%04x", text[i]);
		} else {
			fwrite(text + i, 1, length, out);
		}
	}
	putc('"', out);
}

/* Everything that stands before a value. */
static void value_begin(struct json *json, const char *key)
{
	if (json->depth) {
		if (json->filled[json->depth - 1])
			fputs(json->flat ? ", " : ",", json->out);
		json->filled[json->depth - 1] = true;
		line_begin(json);
	}
	if (key) {
		string_write(json->out, key, strlen(key));
		fputs(": ", json->out);
	}
}

static void container_begin(struct json *json, const char *key, char mark)
{
	value_begin(json, key);
	putc(mark, json->out);
	assert(json->depth < JSON_DEPTH);
	json->filled[json->depth++] = false;
}

static void container_end(struct json *json, char mark)
{
	if (json->filled[--json->depth])
		line_begin(json);
	putc(mark, json->out);
}

void json_object(struct json *json, const char *key)
{
	container_begin(json, key, '{');
}

void json_object_end(struct json *json)
{
	container_end(json, '}');
}

void json_array(struct json *json, const char *key)
{
	container_begin(json, key, '[');
}

void json_array_end(struct json *json)
{
	container_end(json, ']');
}

void json_bytes(struct json *json, const char *key, const char *text, size_t size)
{
	value_begin(json, key);
	string_write(json->out, text, size);
}

void json_string(struct json *json, const char *key, const char *text)
{
	json_bytes(json, key, text, strlen(text));
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
	value_begin(json, key);
	fprintf(json->out, "%" PRIu64, value);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
	value_begin(json, key);
	fprintf(json->out, "%" PRId64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	value_begin(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json, const char *key)
{
	value_begin(json, key);
	fputs("null", json->out);
}
