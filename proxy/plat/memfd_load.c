// SPDX-License-Identifier: MIT
/*
 * memfd_load.c - plays the loader: image, boot page and its tables into the private area (abi/isle/boot.h).
 *
 * The file is new, so all of it is zero. Places are decided first; then nothing can fail any more.
 */
#include "memfd_isle.h"

#include "image.h"
#include "size.h"

#include <isle/counters.h>
#include <isle/log.h>
#include <isle/pin.h>
#include <isle/window.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Page table bits: Intel SDM vol. 3, 4.5. */
#define PTE_P   (1ull << 0)
#define PTE_W   (1ull << 1)
#define PDE_PS  (1ull << 7)

enum { TABLE_4, TABLE_3, TABLE_2, NR_TABLES };

static uint64_t part_take(uint64_t *at, uint64_t size)
{
	uint64_t ipa = *at;

	*at += (size + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1);
	return ipa;
}

static void places_plan(struct memfd_isle *m, const struct isle_image *image)
{
	struct memfd_places *p = &m->at;
	uint64_t at = image->mem_size;

	p->boot = part_take(&at, sizeof(struct isle_boot));
	p->cpus = part_take(&at, m->nr_cpus * sizeof(struct isle_cpu));
	p->extents = part_take(&at, m->nr_extents * sizeof(struct isle_extent));
	p->granules = part_take(&at, m->size / ISLE_GRANULE_SIZE);
	p->cmdline = part_take(&at, ISLE_CMDLINE_MAX);
	p->pins = m->layout.pins ? part_take(&at, sizeof(struct isle_pins)) : 0;
	p->counters = part_take(&at, m->nr_cpus * sizeof(struct isle_counters));
	p->log = part_take(&at, sizeof(struct isle_log) + MEMFD_LOG_DATA);
	p->tables = part_take(&at, NR_TABLES * ISLE_PAGE_SIZE);
	p->early = part_take(&at, image->note.early_size);
	p->end = (at + ISLE_GRANULE_SIZE - 1) & ~(ISLE_GRANULE_SIZE - 1);
}

static int places_check(const struct memfd_isle *m, struct isle *isle)
{
	uint64_t need = m->at.end + ISLE_WINDOW_SIZE + ISLE_GRANULE_SIZE;
	char needs[SIZE_TEXT], has[SIZE_TEXT];

	if (m->at.end > ISLE_IMAGE_MAX)
		return why_say(&isle->why, -ENOSPC, "the isle kernel and its tables need more than an isle kernel may");
	if (need > m->extent[0].size)
		return why_say(&isle->why, -ENOSPC,
			       "an isle needs %s of memory at least, in one piece, but it has %s: ask for more (--mem)",
			       size_print(need, needs), size_print(m->extent[0].size, has));
	return 0;
}

static void image_place(const struct memfd_isle *m, const struct isle_image *image, const uint8_t *bytes)
{
	uint32_t i;

	for (i = 0; i < image->nr_segments; i++) {
		const struct isle_image_segment *s = &image->segment[i];

		memcpy(m->mem + s->ipa, bytes + s->file_off, s->file_size);
	}
}

static void cpus_fill(const struct memfd_isle *m, const uint32_t *apic_ids)
{
	struct isle_cpu *row = (struct isle_cpu *)(m->mem + m->at.cpus);
	uint32_t i;

	for (i = 0; i < m->nr_cpus; i++) {
		row[i].apic_id = apic_ids ? apic_ids[i] : i;
		row[i].linux_cpu = memfd_cpu_number(m, i);
		row[i].node = m->extent[0].node;
		row[i].core = i;
	}
}

static void tables_fill(const struct memfd_isle *m)
{
	uint64_t *table = (uint64_t *)(m->mem + m->at.tables);
	uint64_t hpa = m->extent[0].hpa, link = (hpa + m->at.tables) | PTE_P | PTE_W, off;

	table[512 * TABLE_4 + 511] = link + TABLE_3 * ISLE_PAGE_SIZE;
	table[512 * TABLE_3 + 510] = link + TABLE_2 * ISLE_PAGE_SIZE;
	for (off = 0; off < m->at.end; off += ISLE_GRANULE_SIZE)
		table[512 * TABLE_2 + off / ISLE_GRANULE_SIZE] = (hpa + off) | PTE_P | PTE_W | PDE_PS;
}

static void boot_fill(struct memfd_isle *m, const struct isle *isle)
{
	const struct memfd_places *p = &m->at;
	struct isle_boot *b = (struct isle_boot *)(m->mem + p->boot);

	b->magic = ISLE_BOOT_MAGIC;
	b->revision = ISLE_ABI_REVISION;
	b->platform = m->layout.platform;
	b->isle_id = isle->id;
	b->flags = ISLE_BOOT_F_ZEROED;
	b->nr_cpus = m->nr_cpus;
	b->nr_extents = m->nr_extents;
	b->mem_size = m->size;
	b->private_size = p->end;
	b->boot_ipa = p->boot;
	b->cpus_ipa = p->cpus;
	b->extents_ipa = p->extents;
	b->granules_ipa = p->granules;
	b->cmdline_ipa = p->cmdline;
	b->counters_ipa = p->counters;
	b->log_ipa = p->log;
	b->log_size = sizeof(struct isle_log) + MEMFD_LOG_DATA;
	b->early_ipa = p->early;
	b->window_ipa = p->end;
	b->window_size = ISLE_WINDOW_SIZE;
	b->pins_ipa = p->pins;
	m->boot = b;
}

static void private_fill(struct memfd_isle *m, const struct isle *isle, const char *args, const uint32_t *apic_ids)
{
	const struct memfd_places *p = &m->at;
	struct isle_log *log = (struct isle_log *)(m->mem + p->log);
	uint64_t private = p->end / ISLE_GRANULE_SIZE;

	cpus_fill(m, apic_ids);
	memcpy(m->mem + p->extents, m->extent, m->nr_extents * sizeof(m->extent[0]));
	memset(m->mem + p->granules, ISLE_GRANULE_KERNEL, private);
	memset(m->mem + p->granules + private, ISLE_GRANULE_WINDOW, ISLE_WINDOW_SIZE / ISLE_GRANULE_SIZE);
	memcpy(m->mem + p->cmdline, args, strlen(args) + 1);
	log->magic = ISLE_LOG_MAGIC;
	log->data_size = MEMFD_LOG_DATA;
	tables_fill(m);
	boot_fill(m, isle);
}

int memfd_load(struct memfd_isle *m, struct isle *isle, const char *image, const char *args,
	       const uint32_t *apic_ids)
{
	struct isle_image img;
	const char *clause;
	void *bytes;
	size_t size;
	int err;

	if (strlen(args) >= ISLE_CMDLINE_MAX)
		return why_say(&isle->why, -ENAMETOOLONG, "the isle kernel takes at most %d characters of arguments",
			       ISLE_CMDLINE_MAX - 1);
	err = image_read(image, &bytes, &size, &isle->why);
	if (err)
		return err;
	clause = isle_image_check(bytes, size, m->layout.platform, &img);
	if (clause)
		err = why_say(&isle->why, -ENOEXEC, "%.300s is not an isle kernel for %s: %s", image, isle->ops->name,
			      clause);
	if (!err) {
		places_plan(m, &img);
		err = places_check(m, isle);
	}
	if (!err) {
		image_place(m, &img, bytes);
		private_fill(m, isle, args, apic_ids);
		m->start = (struct memfd_start){
			.rip = img.entry,
			.rdi = ISLE_KBASE + m->at.boot,
			.cr3 = m->extent[0].hpa + m->at.tables,
		};
		isle->window_ipa = m->at.end;
		m->life = ISLE_LIFE_LOADED;
	}
	free(bytes);
	return err;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* Three clocks cannot be read at once: the attempt that took least time is the best. */
void memfd_clock(struct memfd_isle *m, uint64_t tsc_khz, uint64_t offset)
{
	uint64_t best = UINT64_MAX, before, after, real, boot;
	unsigned int i;

	m->boot->tsc_khz = tsc_khz;
	for (i = 0; i < 5; i++) {
		before = __builtin_ia32_rdtsc();
		real = clock_ns(CLOCK_REALTIME);
		boot = clock_ns(CLOCK_BOOTTIME);
		after = __builtin_ia32_rdtsc();
		if (after - before >= best)
			continue;
		best = after - before;
		m->boot->tsc_base = before + best / 2 + offset;
		m->boot->realtime_ns = real;
		m->boot->boottime_ns = boot;
	}
}
