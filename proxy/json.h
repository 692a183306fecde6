/* SPDX-License-Identifier: MIT */
/*
 * json.h - writes JSON to a stream, value by value; commas and indentation come by themselves.
 *
 * The caller opens and closes objects and arrays in pairs. Strings are UTF-8; bytes that are not
 * become U+FFFD, so that the output can always be read, whatever a log holds.
 */
#ifndef PROXY_JSON_H
#define PROXY_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 16

struct json {
	FILE *out;
	unsigned int depth;
	bool filled[JSON_DEPTH]; /* something stands in the container of this depth */
	bool flat;		 /* everything on one line */
};

/* flat: one line, for streams of values. json_end() ends the line. */
void json_begin(struct json *json, FILE *out, bool flat);
void json_end(struct json *json);

/* key: the member's name in an object, NULL in an array and at the top. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_string(struct json *json, const char *key, const char *text);
void json_bytes(struct json *json, const char *key, const char *text, size_t size);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

#endif
