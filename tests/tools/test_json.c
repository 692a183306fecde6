/* SPDX-License-Identifier: MIT */
/*
 * test_json.c - the writer: structure, escapes, and bytes that are not text.
 */
#include "check.h"

#include "json.h"

static char *text;
static size_t size;

static void begin(struct json *json, bool flat)
{
	json_begin(json, open_memstream(&text, &size), flat);
}

static void expect(struct json *json, const char *want)
{
	json_end(json);
	fclose(json->out);
	EXPECT_STR(text, want);
	free(text);
}

static void expect_string(const char *string, const char *want)
{
	struct json json;

	begin(&json, true);
	json_string(&json, NULL, string);
	expect(&json, want);
}

TEST(json_structure)
{
	struct json json;

	begin(&json, true);
	json_object(&json, NULL);
	json_array(&json, "empty");
	json_array_end(&json);
	json_array(&json, "numbers");
	json_unsigned(&json, NULL, UINT64_MAX);
	json_signed(&json, NULL, INT64_MIN);
	json_array_end(&json);
	json_object(&json, "o");
	json_bool(&json, "t", true);
	json_bool(&json, "f", false);
	json_null(&json, "n");
	json_object_end(&json);
	json_object_end(&json);
	expect(&json, "{\"empty\": [], \"numbers\": [18446744073709551615, -9223372036854775808], "
		      "\"o\": {\"t\": true, \"f\": false, \"n\": null}}\n");
}

TEST(json_indentation)
{
	struct json json;

	begin(&json, false);
	json_array(&json, NULL);
	json_unsigned(&json, NULL, 1);
	json_object(&json, NULL);
	json_string(&json, "a", "b");
	json_object_end(&json);
	json_array_end(&json);
	expect(&json, "[\n  1,\n  {\n    \"a\": \"b\"\n  }\n]\n");
}

TEST(json_escapes)
{
	expect_string("plain", "\"plain\"\n");
	expect_string("a\"b\\c/d", "\"a\\\"b\\\\c/d\"\n");
	expect_string("\n\t\r\x01\x1f\x7f", "\"\\n\\t\\u000d\\u0001\\u001f\\u007f\"\n");
}

TEST(json_utf8)
{
	expect_string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		      "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"\n");
	/* Stray, truncated, overlong, surrogate, too high. */
	expect_string("\x80", "\"\\ufffd\"\n");
	expect_string("a\xc3", "\"a\\ufffd\"\n");
	expect_string("\xc0\xaf", "\"\\ufffd\\ufffd\"\n");
	expect_string("\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\"\n");
	expect_string("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"\n");
	expect_string("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n");
	expect_string("\xff\xfe", "\"\\ufffd\\ufffd\"\n");
}

TEST(json_bytes_may_hold_nul)
{
	struct json json;

	begin(&json, true);
	json_bytes(&json, NULL, "a\0b", 3);
	expect(&json, "\"a\\u0000b\"\n");
}
