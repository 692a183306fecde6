// SPDX-License-Identifier: MIT
/*
 * host.c - the architecture's contract as a Linux process, and a small machine for unit tests.
 *
 * Physical memory is a reservation of address space that Linux fills on demand, so machines can be
 * far larger than the host.
 */
#include <arch/host.h>

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <isle/log.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/panic.h>
#include <plat/plat.h>

#define MEMORY_SIZE  (64ull << 30)

uint8_t *host_memory;
uint64_t host_private;
struct cpuset cpus_up;
struct cpu *cpu_by_row[ISLE_MAX_CPUS];

static struct isle_counters counters[ISLE_MAX_CPUS];
static struct cpu cpus[ISLE_MAX_CPUS];
static __thread struct cpu *here;

static void print_and_abort(const char *text)
{
	fprintf(stderr, "panic: %s\n", text);
	abort();
}

void (*host_panic)(const char *text) = print_and_abort;

static void nothing(void)
{
}

static const struct plat plat_host = { .name = "host", .ring = nothing, .log_written = nothing };
const struct plat *plat = &plat_host;

void host_cpu_enter(uint32_t row, uint32_t node)
{
	here = &cpus[row];
	here->self = here;
	here->row = row;
	here->node = node;
	here->counters = &counters[row];
	cpu_by_row[row] = here;
}

struct cpu *this_cpu(void)
{
	if (!here)
		host_cpu_enter(0, 0);
	return here;
}

struct thread *this_cpu_thread(void)
{
	return this_cpu()->current;
}

uint64_t tsc_read(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

void cpu_relax(void)
{
	sched_yield();
}

void ipi_poll(void)
{
}

void page_zero(void *page, uint64_t size)
{
	if (size < ISLE_GRANULE_SIZE || madvise(page, size, MADV_DONTNEED))
		memset(page, 0, size);
}

void panic(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	host_panic(text);
	abort();
}

/* All but the tables of the loader that generic parts do not read. */
static struct isle_boot *page_make(const struct isle_extent *list, uint32_t nr, uint64_t size)
{
	uint8_t *base = host_memory + list[0].hpa;
	struct isle_boot *page = (struct isle_boot *)base;
	struct isle_log *log;

	memset(base, 0, HOST_PRIVATE_SIZE);
	page->magic = ISLE_BOOT_MAGIC;
	page->revision = ISLE_ABI_REVISION;
	page->nr_cpus = 1;
	page->nr_extents = nr;
	page->mem_size = size;
	page->private_size = HOST_PRIVATE_SIZE;
	page->window_ipa = HOST_PRIVATE_SIZE;
	page->window_size = ISLE_GRANULE_SIZE;
	page->cpus_ipa = 0x1000;
	page->counters_ipa = 0x2000;
	page->extents_ipa = 0x3000;
	page->cmdline_ipa = 0xc000;
	page->log_ipa = 0x10000;
	page->log_size = sizeof(*log) + HOST_LOG_DATA;
	page->granules_ipa = 0x20000;
	page->early_ipa = ISLE_GRANULE_SIZE;
	memcpy(base + page->extents_ipa, list, nr * sizeof(*list));
	log = (struct isle_log *)(base + page->log_ipa);
	log->magic = ISLE_LOG_MAGIC;
	log->data_size = HOST_LOG_DATA;
	return page;
}

void host_start(struct isle_extent *list, uint32_t nr)
{
	const char *why;
	uint64_t size = 0;
	uint32_t i;

	if (host_memory)
		munmap(host_memory, MEMORY_SIZE);
	host_memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (host_memory == MAP_FAILED)
		panic("host: no address space for the memory of a machine");
	for (i = 0; i < nr; i++) {
		list[i].ipa = size;
		size += list[i].size;
	}
	host_private = (uint64_t)(uintptr_t)(host_memory + list[0].hpa);
	why = boot_adopt(page_make(list, nr, size));
	if (!why)
		why = extents_init(private_at(boot->extents_ipa), nr, size);
	if (why)
		panic("host: %s", why);
	frame_init(private_at(boot->granules_ipa), boot, false);
	kmalloc_init(false);
}
