// SPDX-License-Identifier: MIT
/*
 * maps.c - /proc/self/maps of the program, in Linux's form (Linux, fs/proc/task_mmu.c).
 *
 * The isle knows a file by the handle that the proxy keeps for it, so its name, device and inode are asked for here.
 * Linux's own pages (shared mappings) lie at the same address in the proxy: its own maps name them.
 */
#include "inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PROT_SHOWN  7u
#define NAME_COLUMN 72

struct names {
	char *ours;              /* the proxy's maps, read when first needed */
	int32_t file;            /* what the rest is about; -1: nothing */
	struct stat st;
	char path[PATH_MAX];
};

/* Linux writes a newline in a name as \012. */
static void put_path(FILE *out, const char *path)
{
	for (; *path; path++) {
		if (*path == '\n')
			fputs("\\012", out);
		else
			fputc(*path, out);
	}
}

static void file_know(struct names *names, int32_t file)
{
	char link[64];
	ssize_t len;

	if (names->file == file)
		return;
	names->file = file;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	len = readlink(link, names->path, sizeof(names->path) - 1);
	names->path[len > 0 ? len : 0] = 0;
	if (len < 0 || stat(link, &names->st))
		memset(&names->st, 0, sizeof(names->st));
}

/* The rest of the line of the proxy's own maps that holds an address: from the device on; NULL. */
static const char *ours_at(struct names *names, uint64_t addr)
{
	const char *line;
	size_t len;

	if (!names->ours)
		names->ours = view_read_path("/proc/self/maps", &len);
	for (line = names->ours; line && *line; line = strchr(line, '\n') + 1) {
		unsigned long long start, end;
		int at = 0;

		if (!strchr(line, '\n'))
			return NULL;
		if (sscanf(line, "%llx-%llx %*4s %*x %n", &start, &end, &at) >= 2 && at && start <= addr && addr < end)
			return line + at;
	}
	return NULL;
}

static const char *special(const struct isle_report_region *region)
{
	return region->flags & ISLE_REGION_HEAP ? "[heap]" : region->flags & ISLE_REGION_STACK ? "[stack]" :
	       region->flags & ISLE_REGION_VDSO ? "[vdso]" : region->flags & ISLE_REGION_KERNEL ? "[isle]" : NULL;
}

static void region_text(const struct isle_report_region *region, struct names *names, FILE *out)
{
	const char *rest = region->flags & ISLE_REGION_LINUX ? ours_at(names, region->start) : NULL;
	const char *name = special(region);
	int n;

	n = fprintf(out, "%08llx-%08llx %c%c%c%c %08llx ", (unsigned long long)region->start,
		    (unsigned long long)region->end, region->prot & 1 ? 'r' : '-', region->prot & 2 ? 'w' : '-',
		    region->prot & 4 ? 'x' : '-', region->flags & ISLE_REGION_SHARED ? 's' : 'p',
		    (unsigned long long)region->offset);
	if (rest) {
		fprintf(out, "%.*s\n", (int)strcspn(rest, "\n"), rest);
		return;
	}
	if (region->file >= 0) {
		file_know(names, region->file);
		n += fprintf(out, "%02x:%02x %llu ", major(names->st.st_dev), minor(names->st.st_dev),
			     (unsigned long long)names->st.st_ino);
		name = names->path;
	} else {
		n += fprintf(out, "00:00 0 ");
	}
	if (name) {
		fprintf(out, "%*s", n < NAME_COLUMN ? NAME_COLUMN - n : 0, "");
		fputc(' ', out);
		put_path(out, name);
	}
	fputc('\n', out);
}

void view_text_maps(const struct isle_report *report, FILE *out)
{
	const struct isle_report_region *region = view_report_regions(report);
	struct names *names = calloc(1, sizeof(*names));
	uint32_t i;

	if (!names)
		return;
	names->file = -1;
	for (i = 0; i < report->nr_regions; i++)
		region_text(&region[i], names, out);
	free(names->ours);
	free(names);
}
