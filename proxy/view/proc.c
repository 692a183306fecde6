// SPDX-License-Identifier: MIT
/*
 * proc.c - the files of /proc that speak of the machine's CPUs and memory.
 *
 * Each is Linux's own file with the lines about the machine replaced, so that a field we do not
 * know is still there and right. Those that change are written again when a call looks at them (clerk.c).
 */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TICK_NS  10000000ull   /* times are in 1/100 s */

bool view_is_key(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) == 0 && line[len] == ':';
}

void view_lines(char *text, void (*line)(void *ctx, FILE *out, const char *line), void *ctx, FILE *out)
{
	char *end, kept;

	for (; (end = strchr(text, '\n')); text = end + 1, *text = kept) {
		kept = end[1];
		end[1] = 0;
		line(ctx, out, text);
	}
}

/* What a line of meminfo or stat is made from. */
struct system {
	const struct view_machine *machine;
	const struct isle_report *report; /* NULL: all is free, nothing has run */
};

/* The isle has no swap, no page cache, no slabs; the kernel's address space stays as Linux says. */
static void meminfo_line(void *ctx, FILE *out, const char *line)
{
	const struct system *system = ctx;
	static const char *const total[] = { "MemTotal", "CommitLimit" };
	static const char *const avail[] = { "MemFree", "MemAvailable" };
	static const char *const used[] = { "Active", "Active(anon)", "AnonPages", "Committed_AS" };
	static const char *const keep[] = { "VmallocTotal", "VmallocUsed", "VmallocChunk",
					    "Hugepagesize" };
	unsigned long long all = system->machine->mem_size, value = 0;
	unsigned long long left = system->report ? system->report->mem_free : all;
	const char *colon = strchr(line, ':');
	unsigned int i;

	left = left > all ? all : left;
	for (i = 0; i < 4; i++) {
		if (!colon || view_is_key(line, keep[i])) {
			fputs(line, out);
			return;
		}
		if (i < 2 && view_is_key(line, total[i]))
			value = all;
		if (i < 2 && view_is_key(line, avail[i]))
			value = left;
		if (view_is_key(line, used[i]))
			value = all - left;
	}
	fprintf(out, "%.*s%*llu%s\n", (int)(colon + 1 - line), line, (int)(24 - (colon + 1 - line)),
		value >> 10, strstr(line, " kB") ? " kB" : "");
}

static unsigned long long ticks(uint64_t ns)
{
	return ns / TICK_NS;
}

/* The isle's kernel has no time of its own in its accounts: what is not idle is the program's. */
static void stat_cpus(const struct system *system, FILE *out)
{
	static const char zeros[] = "0 0 0 0 0 0"; /* waiting, interrupts, stolen, guests: none */
	const struct isle_report_cpu *cpu = system->report ? view_report_cpus(system->report) : NULL;
	uint32_t i, j, nr = system->report ? system->report->nr_cpus : 0;
	uint64_t busy = 0, idle = 0;

	for (i = 0; i < nr; i++) {
		idle += cpu[i].idle_ns;
		busy += cpu[i].up_ns > cpu[i].idle_ns ? cpu[i].up_ns - cpu[i].idle_ns : 0;
	}
	fprintf(out, "cpu  %llu 0 0 %llu %s\n", ticks(busy), ticks(idle), zeros);
	for (i = 0; i < system->machine->nr_cpus; i++) {
		busy = idle = 0;
		for (j = 0; j < nr; j++) {
			if (cpu[j].cpu != system->machine->cpu[i].cpu)
				continue;
			idle = cpu[j].idle_ns;
			busy = cpu[j].up_ns > idle ? cpu[j].up_ns - idle : 0;
		}
		fprintf(out, "cpu%u %llu 0 0 %llu %s\n", system->machine->cpu[i].cpu, ticks(busy), ticks(idle),
			zeros);
	}
}

static void stat_line(void *ctx, FILE *out, const char *line)
{
	if (strncmp(line, "cpu ", 4) == 0)
		stat_cpus(ctx, out);
	else if (strncmp(line, "cpu", 3) != 0)
		fputs(line, out);
}

static void system_text(struct view *view, const struct isle_report *report, const char *path,
			void (*line)(void *ctx, FILE *out, const char *line), FILE *out)
{
	struct system system = { &view->machine, report };
	size_t len;
	char *text = view_read_path(path, &len);

	if (text)
		view_lines(text, line, &system, out);
	free(text);
}

void view_text_meminfo(struct view *view, const struct isle_report *report, FILE *out)
{
	system_text(view, report, "/proc/meminfo", meminfo_line, out);
}

void view_text_stat(struct view *view, const struct isle_report *report, FILE *out)
{
	system_text(view, report, "/proc/stat", stat_line, out);
}

static unsigned int count(const struct view_machine *m, const struct view_cpu *cpu, bool cores)
{
	unsigned int n = 0;
	uint32_t i, j;

	for (i = 0; i < m->nr_cpus; i++) {
		for (j = 0; cores && j < i; j++)
			if (m->cpu[j].package == m->cpu[i].package &&
			    m->cpu[j].core == m->cpu[i].core)
				break;
		n += m->cpu[i].package == cpu->package && (!cores || j == i);
	}
	return n;
}

/* The block of one CPU: Linux's first one, which stands for all but for its place. */
static void cpuinfo_block(const struct view_machine *m, const struct view_cpu *cpu, char *text,
			  FILE *out)
{
	const struct { const char *key; uint32_t value; } place[] = {
		{ "processor\t", cpu->cpu },
		{ "physical id\t", cpu->package },
		{ "core id\t\t", cpu->core },
		{ "siblings\t", count(m, cpu, false) }, { "cpu cores\t", count(m, cpu, true) },
		{ "apicid\t\t", cpu->apic_id }, { "initial apicid\t", cpu->apic_id },
	};
	char *end;
	size_t i;

	for (; (end = strchr(text, '\n')) && end != text; text = end + 1) {
		for (i = 0; i < sizeof(place) / sizeof(place[0]); i++)
			if (view_is_key(text, place[i].key))
				break;
		if (i < sizeof(place) / sizeof(place[0]))
			fprintf(out, "%s: %u\n", place[i].key, place[i].value);
		else
			fprintf(out, "%.*s\n", (int)(end - text), text);
	}
	fputc('\n', out);
}

static void write_cpuinfo(struct view *view)
{
	char *now = NULL, *text;
	size_t len, now_len;
	FILE *out;
	uint32_t i;

	text = view_read_path("/proc/cpuinfo", &len);
	out = text ? open_memstream(&now, &now_len) : NULL;
	for (i = 0; out && i < view->machine.nr_cpus; i++)
		cpuinfo_block(&view->machine, &view->machine.cpu[i], text, out);
	if (out && fclose(out) == 0)
		view_put_text(view, "proc/cpuinfo", now, now_len);
	else if (!view->err)
		view->err = text ? -ENOMEM : -EIO;
	free(text);
	free(now);
}

void view_write_proc(struct view *view)
{
	view_dir(view, "proc");
	view_dir(view, "proc/self");
	view_dir(view, "proc/self/task");
	view_put(view, "proc/self/cpuset", "/\n");
	write_cpuinfo(view);
	/* Held by descriptor, /proc/self/exe is the same file even when its name leads elsewhere. */
	view->exe = -1;
	if (view->machine.program && !view->err) {
		int fd = open(view->machine.program, O_PATH | O_CLOEXEC);

		view->exe = (int)view->nr_fds;
		view_hold(view, fd < 0 ? -errno : fd);
	}
}
