/* SPDX-License-Identifier: MIT */
/*
 * logtext.c - prints log records.
 */
#include "logtext.h"

#include <errno.h>
#include <string.h>

#define BUFFER_SIZE (64u << 10)

static const char *level_name(uint8_t level)
{
	switch (level) {
	case ISLE_LOG_ERROR:
		return "error";
	case ISLE_LOG_WARN:
		return "warning";
	case ISLE_LOG_DEBUG:
		return "debug";
	default:
		return "info";
	}
}

/* Bytes from 0x80 up are UTF-8 and go through; a terminal obeys what is below 0x20. */
static void text_write(FILE *out, const unsigned char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if ((text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
			fprintf(out, "\\x%02x", text[i]);
		else
			putc(text[i], out);
	}
}

static void record_json(struct logtext *log, const struct isle_log_record *record, const char *text)
{
	struct json json;

	json_begin(&json, log->out, true);
	json_object(&json, NULL);
	json_unsigned(&json, "time_ns", record->time_ns);
	json_string(&json, "origin", record->origin == ISLE_LOG_FROM_LINUX ? "linux" : "isle");
	json_unsigned(&json, "cpu", record->cpu);
	json_string(&json, "level", level_name(record->level));
	json_bytes(&json, "text", text, record->text_size);
	json_object_end(&json);
	json_end(&json);
}

static void record_print(struct logtext *log, const struct isle_log_record *record,
			 const char *text)
{
	unsigned long long us = record->time_ns / 1000;

	if (log->form == LOGTEXT_JSON) {
		record_json(log, record, text);
		return;
	}
	if (log->form == LOGTEXT_ERRORS && record->level != ISLE_LOG_ERROR)
		return;
	if (log->prefix)
		fputs(log->prefix, log->out);
	if (log->form == LOGTEXT_ERRORS) {
		text_write(log->out, (const unsigned char *)text, record->text_size);
		putc('\n', log->out);
		return;
	}
	if (log->form == LOGTEXT_RAW) {
		fwrite(text, 1, record->text_size, log->out);
		putc('\n', log->out);
		return;
	}
	fprintf(log->out, "[%4llu.%06llu] ", us / 1000000, us % 1000000);
	if (record->origin == ISLE_LOG_FROM_LINUX)
		fputs("linux: ", log->out);
	else
		fprintf(log->out, "cpu%u: ", record->cpu);
	if (record->level == ISLE_LOG_ERROR || record->level == ISLE_LOG_WARN)
		fprintf(log->out, "%s: ", level_name(record->level));
	text_write(log->out, (const unsigned char *)text, record->text_size);
	putc('\n', log->out);
}

bool logtext_print(struct logtext *log, const void *records, size_t size)
{
	const char *at = records;
	struct isle_log_record record;

	while (size > 0) {
		if (size < sizeof(record))
			return false;
		memcpy(&record, at, sizeof(record));
		if (record.size < sizeof(record) || record.size % 8 || record.size > size ||
		    record.text_size > record.size - sizeof(record))
			return false;
		if (record.level != ISLE_LOG_PAD)
			record_print(log, &record, at + sizeof(record));
		at += record.size;
		size -= record.size;
	}
	return true;
}

static void lost_print(struct logtext *log, uint64_t lost)
{
	struct json json;

	if (log->form == LOGTEXT_JSON) {
		json_begin(&json, log->out, true);
		json_object(&json, NULL);
		json_unsigned(&json, "lost_bytes", lost);
		json_object_end(&json);
		json_end(&json);
	} else if (log->form != LOGTEXT_ERRORS) {
		fprintf(log->out, "%s[... %llu bytes are lost ...]\n",
			log->prefix ? log->prefix : "", (unsigned long long)lost);
	}
}

int logtext_drain(struct logtext *log, struct dev *dev, uint32_t isle, uint32_t timeout_ms)
{
	static char buffer[BUFFER_SIZE];
	struct isle_log_read read;
	int err;

	do {
		memset(&read, 0, sizeof(read));
		read.isle_id = isle;
		read.flags = timeout_ms ? ISLE_LOG_F_FOLLOW : 0;
		read.timeout_ms = timeout_ms;
		read.pos = log->pos;
		read.buf_ptr = (uintptr_t)buffer;
		read.size = sizeof(buffer);
		err = dev_log(dev, &read);
		if (err)
			return err;
		if (read.lost)
			lost_print(log, read.lost);
		if (read.size > sizeof(buffer) || !logtext_print(log, buffer, read.size))
			return why_say(
				&dev->why, -EBADMSG,
				"the log of isle %u holds malformed records from byte %llu on",
				isle, (unsigned long long)log->pos);
		log->pos = read.pos;
		log->ended = read.ended;
		fflush(log->out);
	} while (read.size > 0 && !ferror(log->out));
	return 0;
}
