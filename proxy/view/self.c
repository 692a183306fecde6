// SPDX-License-Identifier: MIT
/*
 * self.c - the files of /proc/self that speak of the program: its threads, memory, times, signals.
 *
 * status and stat are Linux's own about the proxy, which has the program's identity, with what the isle knows better
 * replaced. Arguments, environment and auxiliary vector are read where the program has them, so that a program
 * that changes its arguments is seen to. The rest is made from the report alone. A thread's file (tid) differs from
 * the process's in a few lines.
 */
#include "inner.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_NS     10000000ull   /* times are in 1/100 s */
#define TEXT_MOST   (32ull << 20) /* arguments or environment: more is cut */
#define STAT_FIELDS 52

struct self {
	const struct view_machine *machine;
	const struct isle_report *report;
	const struct isle_report_thread *thread; /* whom the file is about */
	bool whole;                              /* the process, not only this thread */
	const char *line;
};

/* Width of a mask as Linux wrote it on this line. */
static unsigned int mask_width(const char *line)
{
	const char *at = strchr(line, '\t');
	unsigned int digits = 0;

	for (at = at ? at + 1 : ""; *at; at++)
		digits += *at != ',' && *at != '\n';
	digits = digits ? digits : 1;
	return digits * 4 > CPUSET_MAX ? CPUSET_MAX : digits * 4;
}

/* libnuma takes the number of possible CPUs and nodes from the width, so it stays Linux's. */
static void put_mask(FILE *out, const char *line, const char *key, const struct isle_cpuset *set)
{
	unsigned int bits = mask_width(line), top = CPUSET_MAX;
	char text[VIEW_MASK_TEXT];

	while (top > 1 && !cpuset_has(set, top - 1))
		top--;
	fprintf(out, "%s:\t%s\n", key, view_mask(set, bits > top ? bits : top, text));
}

/* Where a thread may run. */
static void allowed_cpus(const struct self *self, struct isle_cpuset *set)
{
	const struct isle_report_cpu *cpu = view_report_cpus(self->report);
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < self->report->nr_cpus; i++)
		if ((self->thread->affinity[i / 64] >> (i % 64) & 1) && cpu[i].cpu < CPUSET_MAX)
			cpuset_add(set, cpu[i].cpu);
}

/* Sizes of memory in KiB: true if the line is one. What Linux counts and an isle has not is 0. */
static bool status_memory(const struct self *self, FILE *out, const char *line)
{
	const struct isle_report *r = self->report;
	const uint64_t exe = r->code_end > r->code_start ? r->code_end - r->code_start : 0;
	const struct { const char *key; uint64_t size; } rows[] = {
		{ "VmPeak", r->mapped }, { "VmSize", r->mapped }, { "VmLck", 0 }, { "VmPin", 0 },
		{ "VmHWM", r->resident }, { "VmRSS", r->resident }, { "RssAnon", r->resident },
		{ "RssFile", 0 }, { "RssShmem", 0 }, { "VmData", r->data }, { "VmStk", r->stack },
		{ "VmExe", exe }, { "VmLib", r->code > exe ? r->code - exe : 0 }, { "VmPTE", 0 },
		{ "VmSwap", 0 }, { "HugetlbPages", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!view_is_key(line, rows[i].key))
			continue;
		fprintf(out, "%s:\t%8llu kB\n", rows[i].key, (unsigned long long)rows[i].size >> 10);
		return true;
	}
	return false;
}

static bool status_signals(const struct self *self, FILE *out, const char *line)
{
	const struct { const char *key; uint64_t set; } rows[] = {
		{ "SigPnd", self->thread->sig_pending }, { "ShdPnd", self->report->sig_pending },
		{ "SigBlk", self->thread->sig_blocked }, { "SigIgn", self->report->sig_ignored },
		{ "SigCgt", self->report->sig_caught },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!view_is_key(line, rows[i].key))
			continue;
		fprintf(out, "%s:\t%016llx\n", rows[i].key, (unsigned long long)rows[i].set);
		return true;
	}
	return false;
}

/* A name with the characters escaped that would break lines (Linux, fs/proc/array.c). */
static void put_name(FILE *out, const char *name)
{
	unsigned int i;

	for (i = 0; i < 15 && name[i]; i++) {
		if (name[i] == '\n')
			fputs("\\n", out);
		else if (name[i] == '\\')
			fputs("\\\\", out);
		else
			fputc(name[i], out);
	}
}

static void status_line(void *ctx, FILE *out, const char *line)
{
	const struct self *self = ctx;
	const struct isle_report_thread *thread = self->thread;
	struct isle_cpuset cpus, nodes;
	char text[CPUSET_TEXT];

	allowed_cpus(self, &cpus);
	view_all_nodes(self->machine, &nodes);
	if (view_is_key(line, "Name")) {
		fputs("Name:\t", out);
		put_name(out, thread->name);
		fputc('\n', out);
	} else if (view_is_key(line, "State"))
		fputs(thread->runs ? "State:\tR (running)\n" : "State:\tS (sleeping)\n", out);
	else if (view_is_key(line, "Pid"))
		fprintf(out, "Pid:\t%u\n", thread->tid);
	else if (view_is_key(line, "Threads"))
		fprintf(out, "Threads:\t%u\n", self->report->nr_threads);
	else if (view_is_key(line, "Cpus_allowed"))
		put_mask(out, line, "Cpus_allowed", &cpus);
	else if (view_is_key(line, "Cpus_allowed_list"))
		fprintf(out, "Cpus_allowed_list:\t%s\n", view_list(&cpus, text));
	else if (view_is_key(line, "Mems_allowed"))
		put_mask(out, line, "Mems_allowed", &nodes);
	else if (view_is_key(line, "Mems_allowed_list"))
		fprintf(out, "Mems_allowed_list:\t%s\n", view_list(&nodes, text));
	else if (view_is_key(line, "voluntary_ctxt_switches"))
		fprintf(out, "voluntary_ctxt_switches:\t%llu\n", (unsigned long long)thread->voluntary);
	else if (view_is_key(line, "nonvoluntary_ctxt_switches"))
		fprintf(out, "nonvoluntary_ctxt_switches:\t%llu\n", (unsigned long long)thread->forced);
	else if (!status_memory(self, out, line) && !status_signals(self, out, line))
		fputs(line, out);
}

static uint64_t user_ns(uint64_t run, uint64_t system)
{
	return run > system ? run - system : 0;
}

/* The value of a field of stat (proc(5) counts from 1), or the text Linux has for it. */
static void stat_field(const struct self *self, FILE *out, unsigned int field, const char *theirs)
{
	const struct isle_report *r = self->report;
	const struct isle_report_thread *thread = self->thread;
	uint64_t system = self->whole ? r->system_ns : thread->system_ns;
	unsigned long long value;

	switch (field) {
	case 14: value = user_ns(self->whole ? r->run_ns : thread->run_ns, system) / TICK_NS; break;
	case 15: value = system / TICK_NS; break;
	case 10: case 12: case 16: case 17: case 29: case 30: case 35: value = 0; break;
	case 20: value = r->nr_threads; break;
	case 23: value = r->mapped; break;
	case 24: value = r->resident / ISLE_PAGE_SIZE; break;
	case 26: value = r->code_start; break;
	case 27: value = r->code_end; break;
	case 28: value = r->stack_start; break;
	case 31: value = thread->sig_pending & 0x7fffffff; break;
	case 32: value = thread->sig_blocked & 0x7fffffff; break;
	case 33: value = r->sig_ignored & 0x7fffffff; break;
	case 34: value = r->sig_caught & 0x7fffffff; break;
	case 39: value = thread->cpu; break;
	case 45: value = r->data_start; break;
	case 46: value = r->data_end; break;
	case 47: value = r->brk_start; break;
	case 48: value = r->arg_start; break;
	case 49: value = r->arg_end; break;
	case 50: value = r->env_start; break;
	case 51: value = r->env_end; break;
	default:
		fprintf(out, " %s", theirs);
		return;
	}
	fprintf(out, " %llu", value);
}

static void stat_text(const struct self *self, char *theirs, FILE *out)
{
	char *at = strrchr(theirs, ')'), *save = NULL;
	unsigned int field = 3;

	fprintf(out, "%u (%.15s) %c", self->thread->tid, self->thread->name, self->thread->runs ? 'R' : 'S');
	if (!at || !strtok_r(at + 1, " \n", &save))
		at = NULL;
	while (at && field < STAT_FIELDS && (at = strtok_r(NULL, " \n", &save)))
		stat_field(self, out, ++field, at);
	fputc('\n', out);
}

/* Bytes of the program's memory. */
static void memory_text(uint64_t start, uint64_t end, FILE *out)
{
	char part[4096];

	if (end > start && end - start > TEXT_MOST)
		end = start + TEXT_MOST;
	while (start < end) {
		size_t len = end - start < sizeof(part) ? (size_t)(end - start) : sizeof(part);

		if (!view_peek(part, start, len))
			return;
		fwrite(part, 1, len, out);
		start += len;
	}
}

/* A program may write over its arguments' end, into the environment; then its title ends at the first NUL. */
static void cmdline_text(const struct isle_report *r, FILE *out)
{
	char last = 0, title[4096];
	uint64_t len = r->env_end - r->arg_start;

	if (r->arg_end <= r->arg_start || !view_peek(&last, r->arg_end - 1, 1))
		return;
	if (!last) {
		memory_text(r->arg_start, r->arg_end, out);
		return;
	}
	if (r->env_end < r->arg_end || len > sizeof(title))
		len = sizeof(title);
	if (view_peek(title, r->arg_start, len))
		fwrite(title, 1, strnlen(title, len), out);
}

static void statm_text(const struct isle_report *r, FILE *out)
{
	fprintf(out, "%llu %llu 0 %llu 0 %llu 0\n", (unsigned long long)r->mapped / ISLE_PAGE_SIZE,
		(unsigned long long)r->resident / ISLE_PAGE_SIZE,
		(unsigned long long)(r->code_end - r->code_start + ISLE_PAGE_SIZE - 1) / ISLE_PAGE_SIZE,
		(unsigned long long)(r->data + r->stack) / ISLE_PAGE_SIZE);
}

static void linux_text(struct self *self, enum view_file file, FILE *out)
{
	const char *path = file == VIEW_SELF_STATUS ? "/proc/self/status" : "/proc/self/stat";
	size_t len;
	char *text = view_read_path(path, &len);

	if (text && file == VIEW_SELF_STATUS)
		view_lines(text, status_line, self, out);
	else if (text)
		stat_text(self, text, out);
	free(text);
}

void view_text_self(struct view *view, enum view_file file, const struct isle_report *report, uint32_t tid, FILE *out)
{
	static const struct isle_report_thread nobody = { .name = "?" };
	struct self self = {
		.machine = &view->machine, .report = report, .thread = view_report_thread(report, tid), .whole = !tid,
	};

	/* The first thread may have ended before the others. */
	if (!self.thread)
		self.thread = report->nr_threads ? view_report_threads(report) : &nobody;
	switch (file) {
	case VIEW_SELF_STATUS: case VIEW_SELF_STAT: linux_text(&self, file, out); break;
	case VIEW_SELF_COMM: fprintf(out, "%.15s\n", self.thread->name); break;
	case VIEW_SELF_STATM: statm_text(report, out); break;
	case VIEW_SELF_MAPS: view_text_maps(report, out); break;
	case VIEW_SELF_CMDLINE: cmdline_text(report, out); break;
	case VIEW_SELF_ENVIRON: memory_text(report->env_start, report->env_end, out); break;
	case VIEW_SELF_AUXV: memory_text(report->auxv, report->auxv + report->auxv_size, out); break;
	default: break;
	}
}
