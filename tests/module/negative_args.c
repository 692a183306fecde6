// SPDX-License-Identifier: MIT
/*
 * negative_args.c - the arena of good and bad addresses, and arguments with which each command
 * would work.
 */
#include "negative.h"
#include "world.h"

#include <sys/mman.h>

static void *map_at(uint64_t at, size_t size, int prot, int flags)
{
	void *p = mmap((void *)(uintptr_t)at, size, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	ASSERT_THAT(p == (void *)(uintptr_t)at, "the arena at %#llx is taken",
		    (unsigned long long)at);
	if (!(prot & PROT_WRITE)) {
		memcpy(p, (void *)(uintptr_t)AT_MEM, NR_MEM * sizeof(struct isle_mem));
		ASSERT_EQ(mprotect(p, size, prot), 0);
	}
	return p;
}

void fill_mem(void)
{
	struct isle_mem *mem = (void *)(uintptr_t)AT_MEM;
	unsigned int i;

	memset(mem, 0, NR_MEM * sizeof(*mem));
	for (i = 0; i < NR_MEM; i++) {
		mem[i].node = 1;
		mem[i].size = 32 * MIB;
	}
	mem[MEM_UNALIGNED].size = 33 * MIB;
	mem[MEM_NODE].node = 7;
	mem[MEM_HUGE].size = 1ull << 40;
	mem[MEM_WRAP].size = 0 - ISLE_GRANULE_SIZE;
	mem[MEM_RESERVED].reserved = 1;
	mem[MEM_ZERO].size = 0;
	mem[MEM_OTHER].node = 0;
}

void need_arena(void)
{
	static int done;

	if (!done) {
		map_at(AT_MEM, 0x10000, PROT_READ | PROT_WRITE, MAP_PRIVATE);
		map_at(AT_BUFFER, 0x10000, PROT_READ | PROT_WRITE, MAP_PRIVATE);
		memset(map_at(AT_LONG, 0x2000, PROT_READ | PROT_WRITE, MAP_PRIVATE), 'x', 0x1fff);
		map_at(AT_SHARED, 0x1000, PROT_READ | PROT_WRITE, MAP_SHARED);
		fill_mem();
		/* Up to AT_NOTHING, so that the last bytes before it are mapped. */
		map_at(AT_RO, AT_NOTHING - AT_RO, PROT_READ, MAP_PRIVATE);
		done = 1;
	}
	fill_mem();
}

/* Arguments with which the command would do its work. */
void right_args(union args *a, unsigned long cmd, uint32_t id, int image)
{
	memset(a, 0, sizeof(*a));
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(ISLE_IOC_RESERVE):
		cpus_parse(places()->far, &a->reserve.cpus);
		a->reserve.mem_ptr = MEM(MEM_GOOD);
		a->reserve.nr_mem = 1;
		break;
	case _IOC_NR(ISLE_IOC_CREATE):
		cpus_parse(places()->far0, &a->create.cpus);
		a->create.node = ISLE_NODE_ANY;
		a->create.mem_ptr = MEM(MEM_GOOD);
		a->create.nr_mem = 1;
		break;
	case _IOC_NR(ISLE_IOC_LOAD):
		a->load.image_fd = image;
		break;
	case _IOC_NR(ISLE_IOC_LIST):
		a->list.ids_ptr = AT_BUFFER;
		a->list.nr = 16;
		break;
	case _IOC_NR(ISLE_IOC_STAT):
		a->stat.isle_id = id;
		break;
	case _IOC_NR(ISLE_IOC_LOG):
		a->log.isle_id = id;
		a->log.buf_ptr = AT_BUFFER;
		a->log.size = 4096;
		break;
	case _IOC_NR(ISLE_IOC_COUNTERS):
		a->counters.isle_id = id;
		a->counters.nr = 1;
		a->counters.buf_ptr = AT_BUFFER;
		break;
	case _IOC_NR(ISLE_IOC_RESERVED):
		a->reserved.cpus_ptr = AT_BUFFER;
		a->reserved.extents_ptr = AT_BUFFER + 0x8000;
		a->reserved.nr_cpus = a->reserved.nr_extents = 16;
		break;
	case _IOC_NR(ISLE_IOC_WAIT):
		a->wait.timeout_ms = 1000;
		break;
	case _IOC_NR(ISLE_IOC_PIN):
	case _IOC_NR(ISLE_IOC_UNPIN):
	case _IOC_NR(ISLE_IOC_DIRTY):
		a->pin.uva = AT_SHARED;
		a->pin.len = ISLE_PAGE_SIZE;
		break;
	}
}
