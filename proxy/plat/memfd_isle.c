// SPDX-License-Identifier: MIT
/*
 * memfd_isle.c - the memory of an isle in a file: made, bound to nodes, mapped, closed.
 *
 * The mapping begins at a multiple of 1 GiB (or of the granule), so that a machine can map it in pages as large as
 * the file has.
 */
#include "memfd_isle.h"

#include "size.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GIB  (1ull << 30)
/* Linux 6.1; the C library's headers may be older. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE  25
#endif

static int fail(struct isle *isle, const char *what)
{
	int err = errno;

	return why_say(&isle->why, -err, "%s: %s", what, strerror(err));
}

/* The node's memory from hpa on; split at the hole. */
static int extent_add(struct memfd_isle *m, uint64_t *hpa, uint64_t *ipa, uint64_t size, uint32_t node)
{
	const struct memfd_layout *l = &m->layout;

	while (size) {
		uint64_t part = size;

		if (*hpa >= l->hole && *hpa < l->hole_end)
			*hpa = l->hole_end;
		if (*hpa < l->hole && part > l->hole - *hpa)
			part = l->hole - *hpa;
		if (m->nr_extents == sizeof(m->extent) / sizeof(m->extent[0]))
			return -E2BIG;
		m->extent[m->nr_extents++] =
			(struct isle_extent){ .hpa = *hpa, .ipa = *ipa, .size = part, .node = node };
		*hpa += part;
		*ipa += part;
		size -= part;
	}
	return 0;
}

static int extents_make(struct memfd_isle *m, const struct plan *plan)
{
	uint64_t hpa = m->layout.hpa_base, ipa = 0;
	unsigned int i;
	int err = 0;

	for (i = 0; i < plan->nr_mem && !err; i++)
		err = extent_add(m, &hpa, &ipa, plan->mem[i].size, plan->mem[i].node);
	m->size = ipa;
	return err;
}

static int file_make(struct memfd_isle *m, struct isle *isle)
{
	char text[SIZE_TEXT];

	m->fd = memfd_create("isle", MFD_CLOEXEC);
	if (m->fd < 0)
		return fail(isle, "no file for isle memory could be made");
	if (ftruncate(m->fd, (off_t)(m->layout.file_base + m->size)))
		return why_say(&isle->why, -errno, "isle memory of %s cannot be had: %s",
			       size_print(m->size, text), strerror(errno));
	return 0;
}

/* Reserves addresses, so that the file can be mapped at a round one. */
static int file_map(struct memfd_isle *m, struct isle *isle, const struct memfd_wish *wish)
{
	uint64_t align = m->size >= GIB ? GIB : ISLE_GRANULE_SIZE, start;
	uint8_t *room = mmap(NULL, m->size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char text[SIZE_TEXT];

	if (room == MAP_FAILED)
		return why_say(&isle->why, -errno, "there are no addresses for %s of isle memory: %s",
			       size_print(m->size, text), strerror(errno));
	start = ((uint64_t)(uintptr_t)room + align - 1) & ~(align - 1);
	m->mem = mmap((void *)(uintptr_t)start, m->size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_FIXED | MAP_NORESERVE, m->fd, (off_t)m->layout.file_base);
	if (m->mem == MAP_FAILED) {
		int err = errno;

		m->mem = NULL;
		munmap(room, m->size + align);
		return why_say(&isle->why, -err, "isle memory of %s cannot be mapped: %s",
			       size_print(m->size, text), strerror(err));
	}
	if (start > (uintptr_t)room)
		munmap(room, start - (uintptr_t)room);
	munmap(m->mem + m->size, (uintptr_t)room + align - start);
	/* Nothing of an isle belongs into a core file of the proxy; advice may be refused. */
	madvise(m->mem, m->size, MADV_DONTDUMP);
	if (wish->thp)
		madvise(m->mem, m->size, MADV_HUGEPAGE);
	return 0;
}

/* Each extent from its node; a kernel without NUMA refuses, and has nothing to choose. */
static void memory_bind(const struct memfd_isle *m)
{
	uint32_t i;

	for (i = 0; i < m->nr_extents; i++) {
		const struct isle_extent *e = &m->extent[i];
		unsigned long mask[ISLE_MAX_NODES / 64 + 1] = { 0 };

		if (e->node >= ISLE_MAX_NODES)
			continue;
		mask[e->node / 64] = 1ul << (e->node % 64);
		syscall(SYS_mbind, m->mem + e->ipa, e->size, MPOL_PREFERRED, mask, ISLE_MAX_NODES + 1, 0);
	}
}

static int memory_prefault(struct memfd_isle *m, struct isle *isle)
{
	char text[SIZE_TEXT];

	if (madvise(m->mem, m->size, MADV_POPULATE_WRITE) == 0)
		return 0;
	return why_say(&isle->why, -errno, "isle memory of %s could not all be had at once: %s",
		       size_print(m->size, text), strerror(errno));
}

/* What is there becomes huge pages, whatever shmem_enabled says; a file's small mappings see no difference. */
static int memory_collapse(struct memfd_isle *m, struct isle *isle)
{
	char text[SIZE_TEXT];

	if (madvise(m->mem, m->size, MADV_COLLAPSE) == 0)
		return 0;
	return why_say(&isle->why, -errno, "HERMIT_HUGEPAGE=all: %s of isle memory could not be had in huge pages: %s; "
		       "it takes Linux 6.1 with transparent huge pages, and that much unfragmented memory",
		       size_print(m->size, text), strerror(errno));
}

/* Row i is the i-th CPU of the plan; with more rows than CPUs they go round. */
static void cpus_choose(struct memfd_isle *m, const struct plan *plan)
{
	uint32_t row, cpu = 0;

	m->nr_cpus = plan->nr_cpus;
	m->shared_cpus = plan->nr_cpus > (uint32_t)cpuset_count(&plan->cpus);
	for (row = 0; row < m->nr_cpus; row++, cpu++) {
		while (!cpuset_has(&plan->cpus, cpu % CPUSET_MAX))
			cpu++;
		m->linux_cpu[row] = (uint16_t)(cpu % CPUSET_MAX);
	}
}

int memfd_create_isle(struct memfd_isle *m, struct isle *isle, const struct memfd_layout *layout,
		      const struct memfd_wish *wish)
{
	int err;

	m->layout = *layout;
	cpus_choose(m, &isle->plan);
	m->nr_extents = 0;
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->changed, NULL);
	if (pipe2(m->event, O_CLOEXEC | O_NONBLOCK)) {
		m->event[0] = m->event[1] = -1;
		return fail(isle, "no pipe could be made");
	}
	err = extents_make(m, &isle->plan);
	if (err)
		return why_say(&isle->why, err, "isle memory is of too many nodes");
	err = file_make(m, isle);
	if (!err)
		err = file_map(m, isle, wish);
	if (err)
		return err;
	memory_bind(m);
	if (wish->prefault || wish->huge)
		err = memory_prefault(m, isle);
	if (!err && wish->huge)
		err = memory_collapse(m, isle);
	isle->id = 1;
	isle->mem_fd = m->fd;
	isle->mem_off = m->layout.file_base;
	isle->mem_size = m->size;
	m->life = ISLE_LIFE_CREATED;
	return err;
}

int memfd_fd_guard(int *fd)
{
	int high;

	if (*fd < 0)
		return 0;
	high = guard_take(*fd);
	if (high < 0)
		return high;
	*fd = high;
	return 0;
}

int memfd_guard(struct memfd_isle *m, struct isle *isle)
{
	int err = memfd_fd_guard(&m->fd);

	if (!err)
		err = memfd_fd_guard(&m->event[0]);
	if (!err)
		err = memfd_fd_guard(&m->event[1]);
	isle->mem_fd = m->fd;
	return err;
}

void memfd_fd_close(int *fd)
{
	if (*fd >= 0 && guard_owns(*fd))
		guard_drop(*fd);
	else if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void memfd_close(struct memfd_isle *m)
{
	if (m->mem)
		munmap(m->mem, m->size);
	m->mem = NULL;
	m->boot = NULL;
	memfd_fd_close(&m->fd);
	memfd_fd_close(&m->event[0]);
	memfd_fd_close(&m->event[1]);
	free(m->log.data);
	m->log.data = NULL;
	m->log.used = m->log.room = 0;
}
