// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c - fills the private area: image, boot page and tables, page tables.
 *
 * All of it lies in the isle's first piece, which is contiguous, and is written through Linux's
 * direct map. Places are decided first (plan), then nothing can fail any more.
 *
 * Locks: life_lock.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <asm/msr.h>
#include <asm/tsc.h>

#include <isle/log.h>
#include <isle/pin.h>
#include <isle/window.h>

#include "boot.h"
#include "cpu.h"
#include "isle.h"
#include "park.h"

/* Page table bits: SDM vol. 3, "4-Level Paging". */
#define PTE_P  BIT_ULL(0)
#define PTE_W  BIT_ULL(1)
#define PDE_PS BIT_ULL(7)

/* Pages of isle_places.tables. */
enum { T_PML4, T_PDPT, T_PD, T_PARK_PD, T_PARK_PT0, T_PARK_PT1, NR_TABLES };

static u64 take_pages(u64 *at, u64 bytes)
{
	u64 ipa = *at;

	*at += ALIGN(bytes, PAGE_SIZE);
	return ipa;
}

static void plan_places(const struct isle *isle, const struct isle_image *img,
			struct isle_places *p)
{
	u64 at = img->mem_size;

	p->boot = take_pages(&at, sizeof(struct isle_boot));
	p->cpus = take_pages(&at, isle->nr_cpus * sizeof(struct isle_cpu));
	p->extents = take_pages(&at, isle->nr_pieces * sizeof(struct isle_extent));
	p->granules = take_pages(&at, isle->mem_size / ISLE_GRANULE_SIZE);
	p->cmdline = take_pages(&at, ISLE_CMDLINE_MAX);
	p->pins = take_pages(&at, sizeof(struct isle_pins));
	p->counters = take_pages(&at, isle->nr_cpus * sizeof(struct isle_counters));
	p->log = take_pages(&at, sizeof(struct isle_log) + ISLE_LOG_DATA);
	p->tables = take_pages(&at, NR_TABLES * PAGE_SIZE);
	p->early = take_pages(&at, img->note.early_size);
	p->end = ALIGN(at, ISLE_GRANULE_SIZE);
	p->entry = img->entry;
}

static int check_places(struct isle_call *call, const struct isle_places *p)
{
	const struct isle *isle = call->isle;
	u64 need = p->end + ISLE_WINDOW_SIZE;

	if (p->end > ISLE_IMAGE_MAX)
		return isle_fail(call, -ENOSPC,
				 "the image and its tables need %llu MiB, but an isle kernel may "
				 "have %llu",
				 p->end >> 20, ISLE_IMAGE_MAX >> 20);
	if (need > isle->piece[0].size)
		return isle_fail(call, -ENOSPC,
				 "the isle kernel needs %llu MiB in one piece, but the isle's "
				 "first piece has %llu MiB: create it with more memory",
				 need >> 20, isle->piece[0].size >> 20);
	return 0;
}

static void fill_cpus(const struct isle *isle, struct isle_cpu *row)
{
	u32 i;

	for (i = 0; i < isle->nr_cpus; i++, row++) {
		const struct isle_rcpu *cpu = isle->cpu[i];

		row->apic_id = cpu->apic_id;
		row->linux_cpu = cpu->linux_cpu;
		row->node = cpu->node;
		row->package = cpu->package;
		row->core = cpu->core;
		row->thread = cpu->thread;
		row->mailbox_va = isle_park_mailbox_va(cpu);
	}
}

static void fill_extents(const struct isle *isle, struct isle_extent *e)
{
	u32 i;

	for (i = 0; i < isle->nr_pieces; i++, e++) {
		e->hpa = isle->piece[i].start;
		e->ipa = isle->piece_ipa[i];
		e->size = isle->piece[i].size;
		e->node = isle->piece[i].node;
	}
}

static void fill_granules(const struct isle_places *p, u8 *use)
{
	u64 private = p->end / ISLE_GRANULE_SIZE;

	memset(use, ISLE_GRANULE_KERNEL, private);
	memset(use + private, ISLE_GRANULE_WINDOW, ISLE_WINDOW_SIZE / ISLE_GRANULE_SIZE);
}

/* The private area at ISLE_KBASE in 2 MiB pages, and the park pages; nothing else. */
static void fill_tables(const struct isle *isle, u8 *base)
{
	u64 *t = (u64 *)(base + isle->at.tables);
	u64 hpa = isle->piece[0].start, off;
	u64 link = (hpa + isle->at.tables) | PTE_P | PTE_W;

#define TABLE(i) (t + 512 * (i))
#define LINK(i)  (link + PAGE_SIZE * (i))
	TABLE(T_PML4)[511] = LINK(T_PDPT);
	TABLE(T_PDPT)[510] = LINK(T_PD);
	TABLE(T_PDPT)[511] = LINK(T_PARK_PD);
	TABLE(T_PARK_PD)[0] = LINK(T_PARK_PT0);
	TABLE(T_PARK_PD)[1] = LINK(T_PARK_PT1);
	for (off = 0; off < isle->at.end; off += ISLE_GRANULE_SIZE)
		TABLE(T_PD)[off / ISLE_GRANULE_SIZE] = (hpa + off) | PTE_P | PTE_W | PDE_PS;
	isle_park_map(TABLE(T_PARK_PT0), isle->cpu, isle->nr_cpus);
#undef LINK
#undef TABLE
}

static void fill_boot(const struct isle *isle, struct isle_boot *b)
{
	const struct isle_places *p = &isle->at;

	b->magic = ISLE_BOOT_MAGIC;
	b->revision = ISLE_ABI_REVISION;
	b->platform = ISLE_PLAT_MULTI;
	b->isle_id = isle->id;
	b->nr_cpus = isle->nr_cpus;
	b->nr_extents = isle->nr_pieces;
	b->mem_size = isle->mem_size;
	b->private_size = p->end;
	b->boot_ipa = p->boot;
	b->cpus_ipa = p->cpus;
	b->extents_ipa = p->extents;
	b->granules_ipa = p->granules;
	b->cmdline_ipa = p->cmdline;
	b->counters_ipa = p->counters;
	b->log_ipa = p->log;
	b->log_size = sizeof(struct isle_log) + ISLE_LOG_DATA;
	b->early_ipa = p->early;
	b->window_ipa = p->end;
	b->window_size = ISLE_WINDOW_SIZE;
	b->park_entry = isle_park_entry_va();
	b->tsc_khz = tsc_khz;
	b->pins_ipa = p->pins;
}

static void clear_granules(u8 *base, u64 size)
{
	u64 off;

	for (off = 0; off < size; off += ISLE_GRANULE_SIZE) {
		memset(base + off, 0, ISLE_GRANULE_SIZE);
		cond_resched();
	}
}

static void fill_private(struct isle *isle, const struct isle_image_copy *image,
			 const char *cmdline)
{
	u8 *base = __va(isle->piece[0].start);
	struct isle_log *log = (void *)(base + isle->at.log);

	clear_granules(base, isle->at.end + ISLE_WINDOW_SIZE);
	isle_image_place(image, base);
	fill_cpus(isle, (void *)(base + isle->at.cpus));
	fill_extents(isle, (void *)(base + isle->at.extents));
	fill_granules(&isle->at, base + isle->at.granules);
	strcpy(base + isle->at.cmdline, cmdline);
	log->magic = ISLE_LOG_MAGIC;
	log->data_size = ISLE_LOG_DATA;
	fill_tables(isle, base);
	fill_boot(isle, (void *)(base + isle->at.boot));
}

static char *copy_cmdline(struct isle_call *call, u64 user)
{
	const char __user *from = u64_to_user_ptr(user);
	char *cmdline = kzalloc(ISLE_CMDLINE_MAX, GFP_KERNEL);
	long n;

	if (!cmdline)
		return ERR_PTR(-ENOMEM);
	n = user ? strncpy_from_user(cmdline, from, ISLE_CMDLINE_MAX) : 0;
	if (n >= 0 && n < ISLE_CMDLINE_MAX)
		return cmdline;
	kfree(cmdline);
	if (n < 0)
		return ERR_PTR(isle_fail(call, n, "the command line cannot be read"));
	return ERR_PTR(isle_fail(call, -ENAMETOOLONG, "the command line is longer than %u bytes",
				 ISLE_CMDLINE_MAX - 1));
}

/* life_lock. */
static long load_locked(struct isle_call *call, const struct isle_image_copy *image,
			const char *cmdline)
{
	struct isle *isle = call->isle;
	struct isle_places p;
	int err;

	if (isle->life != ISLE_LIFE_CREATED)
		return isle_fail(call, -EBADFD,
				 "isle %u is %s: an image is loaded once, after it was created",
				 isle->id, isle_life_name(isle->life));
	plan_places(isle, &image->img, &p);
	err = check_places(call, &p);
	if (err)
		return err;
	isle->at = p;
	fill_private(isle, image, cmdline);
	mutex_lock(&isle->log_lock);
	isle->boot = isle_va(isle, p.boot);
	mutex_unlock(&isle->log_lock);
	isle_set_life(isle, ISLE_LIFE_LOADED);
	return 0;
}

long isle_boot_load(struct isle_call *call, struct isle_load *load)
{
	struct isle *isle = call->isle;
	struct isle_image_copy image;
	char *cmdline;
	long err;

	if (load->flags)
		return isle_fail(call, -EINVAL, "LOAD knows no flags");
	cmdline = copy_cmdline(call, load->cmdline_ptr);
	if (IS_ERR(cmdline))
		return PTR_ERR(cmdline);
	err = isle_image_get(call, load->image_fd, &image);
	if (err)
		goto out_free;
	mutex_lock(&isle->life_lock);
	err = load_locked(call, &image, cmdline);
	load->window_ipa = isle->at.end;
	load->window_size = ISLE_WINDOW_SIZE;
	load->private_size = isle->at.end;
	mutex_unlock(&isle->life_lock);
	isle_image_drop(&image);
out_free:
	kfree(cmdline);
	return err;
}

/* Three clocks cannot be read at once: the attempt that took least time is the best. */
void isle_boot_set_clock(struct isle *isle)
{
	u64 best = U64_MAX, before, after, real, boot;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		before = rdtsc_ordered();
		real = ktime_get_real_ns();
		boot = ktime_get_boottime_ns();
		after = rdtsc_ordered();
		if (after - before >= best)
			continue;
		best = after - before;
		isle->boot->tsc_base = before + best / 2;
		isle->boot->realtime_ns = real;
		isle->boot->boottime_ns = boot;
	}
}

u64 isle_boot_cr3(const struct isle *isle)
{
	return isle->piece[0].start + isle->at.tables;
}
