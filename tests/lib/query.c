// SPDX-License-Identifier: MIT
/*
 * query.c - what can be asked about an isle from outside: its life, its counters, its log; and sets
 * of CPUs.
 */
#include "isle.h"

#include <ctype.h>
#include <fcntl.h>
#include <strings.h>

int life_ended(uint32_t life)
{
	return life >= ISLE_LIFE_STOPPED;
}

const char *life_name(uint32_t life)
{
	static const char *const names[] = {
		"NONE", "CREATED", "LOADED", "STARTING", "RUNNING", "STOPPING", "STOPPED", "PANICKED", "HUNG",
		"KILLED",
	};

	return life < sizeof(names) / sizeof(names[0]) ? names[life] : "?";
}

static uint32_t wait_for(uint32_t id, uint32_t life, unsigned int ms)
{
	unsigned long long end = check_now() + ms * 1000000ull;
	struct isle_stat st;

	for (;;) {
		if (dev_stat(id, &st))
			return 0;
		if (life ? st.life == life : life_ended(st.life))
			return st.life;
		/* An end is for ever. */
		if (life_ended(st.life) || check_now() > end)
			return st.life;
		check_sleep_ms(2);
	}
}

uint32_t wait_life(uint32_t id, uint32_t life, unsigned int ms)
{
	return wait_for(id, life, ms);
}

uint32_t wait_end(uint32_t id, unsigned int ms)
{
	return wait_for(id, 0, ms);
}

uint64_t counter_sum(uint32_t id, uint32_t nr, unsigned int counter)
{
	struct isle_counters *rows = calloc(nr, sizeof(*rows));
	uint64_t sum = 0;
	uint32_t i;

	if (rows && dev_counters(id, rows, nr) >= 0)
		for (i = 0; i < nr; i++)
			sum += rows[i].named[counter];
	free(rows);
	return sum;
}

/* Appends the records of one read to a growing text. */
static char *append_records(char *text, size_t *length, const unsigned char *buf, uint32_t size)
{
	uint32_t at = 0;

	text = realloc(text, *length + size + 1);
	while (text && at + sizeof(struct isle_log_record) <= size) {
		struct isle_log_record rec;

		memcpy(&rec, buf + at, sizeof(rec));
		if (rec.size < sizeof(rec) || rec.size > size - at ||
		    rec.text_size > rec.size - sizeof(rec)) {
			FAIL("the log has a malformed record: size %u, text %u", rec.size,
			     rec.text_size);
			break;
		}
		memcpy(text + *length, buf + at + sizeof(rec), rec.text_size);
		*length += rec.text_size;
		text[(*length)++] = '\n';
		at += rec.size;
	}
	if (text)
		text[*length] = 0;
	return text;
}

char *log_text(uint32_t id, uint64_t *lost)
{
	static unsigned char buf[65536];
	struct isle_log_read l = { .isle_id = id };
	int fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC), err;
	size_t length = 0;
	char *text = calloc(1, 1);

	if (lost)
		*lost = 0;
	do {
		l.buf_ptr = (uintptr_t)buf;
		l.size = sizeof(buf);
		l.lost = 0;
		err = fd < 0 ? -errno : dev_call(fd, ISLE_IOC_LOG, &l);
		if (err)
			break;
		if (lost)
			*lost += l.lost;
		text = append_records(text, &length, buf, l.size);
	} while (l.size && text);
	if (fd >= 0)
		close(fd);
	if (err) {
		free(text);
		return NULL;
	}
	return text;
}

int log_has(uint32_t id, const char *word)
{
	char *text = log_text(id, NULL);
	int found = text && strcasestr(text, word);

	free(text);
	return found;
}

int cpus_parse(const char *list, struct isle_cpuset *set)
{
	const char *at = list;
	char *end;

	memset(set, 0, sizeof(*set));
	while (isdigit((unsigned char)*at)) {
		unsigned long from = strtoul(at, &end, 10), to = from;

		if (*end == '-')
			to = strtoul(end + 1, &end, 10);
		if (to >= 1024 || from > to)
			return -EDOM;
		for (; from <= to; from++)
			set->bits[from / 64] |= 1ull << (from % 64);
		at = *end == ',' ? end + 1 : end;
	}
	return *at == 0 || *at == '\n' ? 0 : -EDOM;
}

int cpus_has(const struct isle_cpuset *set, unsigned int cpu)
{
	return cpu < 1024 && (set->bits[cpu / 64] >> (cpu % 64) & 1);
}

unsigned int cpus_count(const struct isle_cpuset *set)
{
	unsigned int i, n = 0;

	for (i = 0; i < 16; i++)
		n += (unsigned int)__builtin_popcountll(set->bits[i]);
	return n;
}

/* As Linux writes it: "0-2,5". */
void cpus_format(const struct isle_cpuset *set, char *list, size_t size)
{
	unsigned int from, to;
	size_t at = 0;

	list[0] = 0;
	for (from = 0; from < 1024 && at < size; from = to + 1) {
		to = from;
		if (!cpus_has(set, from))
			continue;
		while (cpus_has(set, to + 1))
			to++;
		at += (size_t)snprintf(list + at, size - at, to > from ? "%s%u-%u" : "%s%u",
				       at ? "," : "", from, to);
	}
}

const char *image_path(void)
{
	static const char *const names[] = { "isle-kernel", "isle-kernel.elf", "isle.elf",
					     "kernel.elf" };
	static char path[4096];
	const char *given = getenv("ISLE_IMAGE"), *build = getenv("ISLE_BUILD");
	unsigned int i;

	if (given)
		return given;
	for (i = 0; build && i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/isle-kernel/%s", build, names[i]);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}
