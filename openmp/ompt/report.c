// SPDX-License-Identifier: MIT
/*
 * report.c - the report as a table for people and as JSON for programs; both hold the same numbers.
 */
#include "report.h"

#include <string.h>
#include <unistd.h>

uint64_t report_ns(const struct report *report, uint64_t ticks)
{
	if (!report->ticks)
		return 0;
	return (uint64_t)((unsigned __int128)ticks * report->ns / report->ticks);
}

/* Parts in a thousand of the threads' time, rounded. */
static uint64_t permille(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)(((unsigned __int128)part * 1000 + whole / 2) / whole) : 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Microseconds, to a tenth below 1 ms: what people compare. */
static void print_us(FILE *out, int width, uint64_t ns)
{
	if (ns < 1000000)
		fprintf(out, "%*llu.%llu", width - 2, (unsigned long long)(ns / 1000),
			(unsigned long long)(ns % 1000 / 100));
	else
		fprintf(out, "%*llu", width, (unsigned long long)(ns / 1000));
}

static void print_where(FILE *out, const void *code, bool lines)
{
	struct where where;

	where_find(&where, code, lines);
	if (where.line[0])
		fprintf(out, "%s", base_name(where.line));
	if (where.function[0])
		fprintf(out, "%s%s", where.line[0] ? " " : "", where.function);
	if (!where.line[0])
		fprintf(out, "%s%s+0x%llx", where.function[0] ? " " : "",
			where.object[0] ? base_name(where.object) : "?",
			(unsigned long long)where.offset);
	fputc('\n', out);
}

/* A difference that came out negative is an error of reading, not time won. */
static uint64_t noise_of(const struct report *report, const struct region *r, unsigned int kind)
{
	uint64_t value = r->noise[kind] > 0 ? (uint64_t)r->noise[kind] : 0;

	return report->noise->ticks && noise_is_time(kind) ? report_ns(report, value) : value;
}

static void table_row(FILE *out, const struct report *report, const struct region *r, bool lines)
{
	uint64_t share = permille(r->lost, r->thread_ticks);
	unsigned int k;

	fprintf(out, "%9llu %7u ", (unsigned long long)r->count, r->threads);
	print_us(out, 11, report_ns(report, r->ticks));
	fputc(' ', out);
	print_us(out, 9, report_ns(report, r->ticks / r->count));
	fputc(' ', out);
	print_us(out, 9, report_ns(report, r->max));
	fputc(' ', out);
	print_us(out, 11, report_ns(report, r->lost));
	fprintf(out, " %3llu.%llu%%", (unsigned long long)(share / 10),
		(unsigned long long)(share % 10));
	if (report->noise->known)
		fprintf(out, " %8llu", (unsigned long long)r->sampled);
	for (k = 0; k < NR_NOISE; k++) {
		if (!(report->noise->known & 1u << k))
			continue;
		fputc(' ', out);
		if (noise_is_time(k))
			print_us(out, 9, noise_of(report, r, k));
		else
			fprintf(out, "%9llu", (unsigned long long)noise_of(report, r, k));
	}
	fprintf(out, "  ");
	print_where(out, r->code, lines);
}

static void warnings(FILE *out, const struct report *report)
{
	if (report->dropped)
		fprintf(out, "isle-ompt: %llu region instances were not counted: no room\n",
			(unsigned long long)report->dropped);
	if (!report->steady)
		fprintf(out, "isle-ompt: this CPU's TSC changes its rate; times are rough\n");
}

void report_table(FILE *out, const struct report *report)
{
	bool lines = where_lines();
	unsigned int i, k;

	fprintf(out, "isle-ompt: process %d, %s, %llu ms\n", (int)getpid(), report->runtime,
		(unsigned long long)(report->ns / 1000000));
	fprintf(out, "isle-ompt: noise from %s (%s)", report->noise->name, report->noise->what);
	if (report->isle_why[0])
		fprintf(out, "; isle counters not available: %s", report->isle_why);
	fprintf(out, "\nisle-ompt: times in us; imbalance and noise are summed over threads\n");
	fprintf(out, "%9s %7s %11s %9s %9s %11s %6s", "COUNT", "THREADS", "TOTAL", "MEAN", "MAX",
		"IMBALANCE", "SHARE");
	if (report->noise->known)
		fprintf(out, " %8s", "SAMPLED");
	for (k = 0; k < NR_NOISE; k++)
		if (report->noise->known & 1u << k)
			fprintf(out, " %9s", noise_column(k));
	fprintf(out, "  WHERE\n");
	for (i = 0; i < report->nr; i++)
		table_row(out, report, &report->regions[i], lines);
	warnings(out, report);
}

/* A JSON string. Names need not be UTF-8: bytes beyond ASCII become '?'. */
static void json_text(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(out, "\\u%04x", *s);
		else
			fputc(*s < 0x80 ? *s : '?', out);
	}
	fputc('"', out);
}

static void json_member(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\": ", key);
	json_text(out, text);
}

static void json_number(FILE *out, const char *key, uint64_t value)
{
	fprintf(out, "\"%s\": %llu", key, (unsigned long long)value);
}

static void json_region(FILE *out, const struct report *report, const struct region *r,
			bool lines)
{
	struct where where;
	unsigned int k;

	where_find(&where, r->code, lines);
	fprintf(out, "    { ");
	json_member(out, "object", where.object);
	fprintf(out, ", \"offset\": \"0x%llx\", ", (unsigned long long)where.offset);
	json_member(out, "function", where.function);
	fputs(", ", out);
	json_member(out, "line", where.line);
	fputs(",\n      ", out);
	json_number(out, "count", r->count);
	fputs(", ", out);
	json_number(out, "threads", r->threads);
	fputs(", ", out);
	json_number(out, "total_ns", report_ns(report, r->ticks));
	fputs(", ", out);
	json_number(out, "max_ns", report_ns(report, r->max));
	fputs(",\n      ", out);
	json_number(out, "thread_ns", report_ns(report, r->thread_ticks));
	fputs(", ", out);
	json_number(out, "imbalance_ns", report_ns(report, r->lost));
	fputs(", ", out);
	json_number(out, "imbalance_permille", permille(r->lost, r->thread_ticks));
	fputs(",\n      ", out);
	json_number(out, "noise_samples", r->sampled);
	fputs(", ", out);
	json_number(out, "noise_thread_ns", report_ns(report, r->sampled_ticks));
	for (k = 0; k < NR_NOISE; k++) {
		if (!(report->noise->known & 1u << k))
			continue;
		fputs(", ", out);
		json_number(out, noise_key(k), noise_of(report, r, k));
	}
	fputs(" }", out);
}

void report_json(FILE *out, const struct report *report)
{
	bool lines = where_lines();
	unsigned int i;

	fputs("{\n  \"tool\": \"isle-ompt\", \"format\": 1, ", out);
	json_member(out, "runtime", report->runtime);
	fputs(",\n  ", out);
	json_number(out, "process", (uint64_t)getpid());
	fputs(", ", out);
	json_number(out, "elapsed_ns", report->ns);
	fputs(", ", out);
	json_number(out, "tsc_hz", report->ns ? (uint64_t)((unsigned __int128)report->ticks *
							   1000000000u / report->ns) : 0);
	fprintf(out, ", \"tsc_steady\": %s, ", report->steady ? "true" : "false");
	json_number(out, "dropped", report->dropped);
	fputs(",\n  ", out);
	json_member(out, "noise_source", report->noise->name);
	fputs(", ", out);
	json_member(out, "isle_counters",
		    report->isle_why[0] ? report->isle_why : "available");
	fputs(",\n  \"regions\": [", out);
	for (i = 0; i < report->nr; i++) {
		fputs(i ? ",\n" : "\n", out);
		json_region(out, report, &report->regions[i], lines);
	}
	fputs("\n  ]\n}\n", out);
}
