// SPDX-License-Identifier: MIT
/*
 * proc.c - the files of /proc that speak of CPUs and memory.
 *
 * Each is Linux's own file with the lines about the machine replaced, so that a field we do not
 * know is still there and right. Those that change are written again, in place, when a call looks
 * at them; the descriptors for that are held from the start: opening one meanwhile would take
 * a number that the program expects for itself.
 */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *source, *path;
} files[VIEW_FILES] = {
	[VIEW_STATUS] = { "/proc/self/status", "proc/self/status" },
	[VIEW_MEMINFO] = { "/proc/meminfo", "proc/meminfo" },
	[VIEW_STAT] = { "/proc/stat", "proc/stat" },
};

static bool is_key(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) == 0 && line[len] == ':';
}

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

static void status_line(struct view *view, FILE *out, const char *line,
			const struct view_live *live)
{
	struct isle_cpuset cpus, nodes;
	char text[CPUSET_TEXT];

	view_all_cpus(&view->machine, &cpus);
	view_all_nodes(&view->machine, &nodes);
	if (is_key(line, "Threads"))
		fprintf(out, "Threads:\t%u\n", live->threads);
	else if (is_key(line, "Cpus_allowed"))
		put_mask(out, line, "Cpus_allowed", &cpus);
	else if (is_key(line, "Cpus_allowed_list"))
		fprintf(out, "Cpus_allowed_list:\t%s\n", view_list(&cpus, text));
	else if (is_key(line, "Mems_allowed"))
		put_mask(out, line, "Mems_allowed", &nodes);
	else if (is_key(line, "Mems_allowed_list"))
		fprintf(out, "Mems_allowed_list:\t%s\n", view_list(&nodes, text));
	else
		fputs(line, out);
}

/* The isle has no swap, no page cache, no slabs; the kernel's address space stays as Linux says. */
static void meminfo_line(struct view *view, FILE *out, const char *line,
			 const struct view_live *live)
{
	static const char *const total[] = { "MemTotal", "CommitLimit" };
	static const char *const avail[] = { "MemFree", "MemAvailable" };
	static const char *const used[] = { "Active", "Active(anon)", "AnonPages", "Committed_AS" };
	static const char *const keep[] = { "VmallocTotal", "VmallocUsed", "VmallocChunk",
					    "Hugepagesize" };
	unsigned long long all = view->machine.mem_size, left = live->mem_free, value = 0;
	const char *colon = strchr(line, ':');
	unsigned int i;

	left = left > all ? all : left;
	for (i = 0; i < 4; i++) {
		if (!colon || is_key(line, keep[i])) {
			fputs(line, out);
			return;
		}
		if (i < 2 && is_key(line, total[i]))
			value = all;
		if (i < 2 && is_key(line, avail[i]))
			value = left;
		if (is_key(line, used[i]))
			value = all - left;
	}
	fprintf(out, "%.*s%*llu%s\n", (int)(colon + 1 - line), line, (int)(24 - (colon + 1 - line)),
		value >> 10, strstr(line, " kB") ? " kB" : "");
}

static void stat_cpus(struct view *view, FILE *out, const struct view_live *live)
{
	static const char zeros[] = "0 0 0 0 0 0"; /* waiting, interrupts, stolen, guests: none */
	struct view_ticks sum = { 0 };
	uint32_t i;

	for (i = 0; i < view->machine.nr_cpus; i++) {
		sum.user += live->ticks[i].user;
		sum.system += live->ticks[i].system;
		sum.idle += live->ticks[i].idle;
	}
	fprintf(out, "cpu  %llu 0 %llu %llu %s\n", (unsigned long long)sum.user,
		(unsigned long long)sum.system, (unsigned long long)sum.idle, zeros);
	for (i = 0; i < view->machine.nr_cpus; i++)
		fprintf(out, "cpu%u %llu 0 %llu %llu %s\n", view->machine.cpu[i].cpu,
			(unsigned long long)live->ticks[i].user,
			(unsigned long long)live->ticks[i].system,
			(unsigned long long)live->ticks[i].idle, zeros);
}

static void stat_line(struct view *view, FILE *out, const char *line, const struct view_live *live)
{
	if (strncmp(line, "cpu ", 4) == 0)
		stat_cpus(view, out, live);
	else if (strncmp(line, "cpu", 3) != 0)
		fputs(line, out);
}

static void convert(struct view *view, enum view_file file, char *text, FILE *out)
{
	static void (*const lines[])(struct view *, FILE *, const char *,
				     const struct view_live *) = {
		[VIEW_STATUS] = status_line,
		[VIEW_MEMINFO] = meminfo_line,
		[VIEW_STAT] = stat_line,
	};
	struct view_live live = { .mem_free = view->machine.mem_size, .threads = 1 };
	char *end, kept;

	if (view->machine.live)
		view->machine.live(view->machine.ctx, &live);
	for (; (end = strchr(text, '\n')); text = end + 1, *text = kept) {
		kept = end[1];
		end[1] = 0;
		lines[file](view, out, text, &live);
	}
}

void view_refresh(struct view *view, enum view_file file)
{
	int source = view->fd[1 + 2 * file], to = view->fd[2 + 2 * file], err;
	char *text = NULL, *now = NULL;
	size_t len, now_len;
	FILE *out;

	pthread_mutex_lock(&view->lock);
	text = view_read_fd(source, &len, &err);
	out = text ? open_memstream(&now, &now_len) : NULL;
	if (out) {
		convert(view, file, text, out);
		/* Somebody may be reading the old contents: one write, the length after it. */
		if (fclose(out) == 0 && pwrite(to, now, now_len, 0) == (ssize_t)now_len &&
		    ftruncate(to, (off_t)now_len))
			errno = 0; /* then old lines follow the new ones: better than nothing */
	}
	free(text);
	free(now);
	pthread_mutex_unlock(&view->lock);
}

static void write_changing(struct view *view, enum view_file file)
{
	int fd;

	if (view->err)
		return;
	fd = open(files[file].source, O_RDONLY | O_CLOEXEC);
	view_hold(view, fd < 0 ? -errno : fd);
	/* Only who creates it may write it: the program may be the same user. */
	fd = openat(view->fd[0], files[file].path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	view_hold(view, fd < 0 ? -errno : fd);
	if (!view->err)
		view_refresh(view, file);
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
			if (is_key(text, place[i].key))
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
	int fd = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC), err = fd < 0 ? -errno : 0;
	char *text = NULL, *now = NULL;
	size_t len, now_len;
	FILE *out;
	uint32_t i;

	text = err ? NULL : view_read_fd(fd, &len, &err);
	out = text ? open_memstream(&now, &now_len) : NULL;
	for (i = 0; out && i < view->machine.nr_cpus; i++)
		cpuinfo_block(&view->machine, &view->machine.cpu[i], text, out);
	if (out && fclose(out) == 0)
		view_put_text(view, "proc/cpuinfo", now, now_len);
	else if (!view->err)
		view->err = err ? err : -ENOMEM;
	if (fd >= 0)
		close(fd);
	free(text);
	free(now);
}

void view_write_proc(struct view *view)
{
	enum view_file file;

	view_dir(view, "proc");
	view_dir(view, "proc/self");
	view_put(view, "proc/self/cpuset", "/\n");
	write_cpuinfo(view);
	for (file = 0; file < VIEW_FILES; file++)
		write_changing(view, file);
	/* Held by descriptor, /proc/self/exe is the same file even when its name leads elsewhere. */
	view->exe = -1;
	if (view->machine.program && !view->err) {
		int fd = open(view->machine.program, O_PATH | O_CLOEXEC);

		view->exe = (int)view->nr_fds;
		view_hold(view, fd < 0 ? -errno : fd);
	}
}
