/* SPDX-License-Identifier: MIT */
/*
 * fake.c - stands for the device: the functions of dev.h that the code under test calls.
 */
#include "fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_log fake_log;
struct isle_reserved_cpu fake_cpus[16];
struct isle_reserved_extent fake_extents[16];
unsigned int fake_nr_cpus, fake_nr_extents;

void fake_machine(struct machine *m, unsigned int nodes, unsigned int cores, unsigned int smt,
		  uint64_t size)
{
	unsigned int n, c, t;

	memset(m, 0, sizeof(*m));
	for (n = 0; n < nodes; n++) {
		m->node[m->nr_nodes++] = (struct machine_node){
			.node = n,
			.distance = n ? 21 : 10,
			.size = size,
			.free = size,
		};
		for (c = 0; c < cores; c++)
			for (t = 0; t < smt; t++)
				m->cpu[m->nr_cpus++] = (struct machine_cpu){
					.cpu = t * nodes * cores + n * cores + c,
					.core = n * cores + c,
					.node = n,
				};
	}
	qsort(m->cpu, m->nr_cpus, sizeof(m->cpu[0]), machine_cpu_compare);
}

void fake_offline(struct machine *m, const char *list)
{
	struct isle_cpuset set;
	struct why why;
	unsigned int i, n = 0;

	if (cpuset_parse(list, &set, &why))
		abort();
	for (i = 0; i < m->nr_cpus; i++) {
		if (cpuset_has(&set, m->cpu[i].cpu))
			cpuset_add(&m->offline, m->cpu[i].cpu);
		else
			m->cpu[n++] = m->cpu[i];
	}
	m->nr_cpus = n;
}

const char *fake_mem(const struct plan *plan, char *text, size_t size)
{
	unsigned int i;
	size_t at = 0;

	text[0] = 0;
	for (i = 0; i < plan->nr_mem && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%u:%llu", i ? "," : "",
				       plan->mem[i].node,
				       (unsigned long long)(plan->mem[i].size >> 20));
	return text;
}

void fake_log_add(uint8_t origin, uint8_t level, uint16_t cpu, uint64_t time_ns, const char *text)
{
	struct isle_log_record record = {
		.size = (uint16_t)((sizeof(record) + strlen(text) + 7) & ~7ul),
		.text_size = (uint16_t)strlen(text),
		.level = level,
		.origin = origin,
		.cpu = cpu,
		.time_ns = time_ns,
	};
	unsigned char *at = fake_log.bytes + fake_log.size;

	memcpy(at, &record, sizeof(record));
	memset(at + sizeof(record), 0, record.size - sizeof(record));
	memcpy(at + sizeof(record), text, strlen(text));
	fake_log.size += record.size;
}

int dev_log(struct dev *dev, struct isle_log_read *read)
{
	(void)dev;
	if (read->pos < fake_log.first) {
		read->lost = fake_log.first - read->pos;
		read->pos = fake_log.first;
	}
	read->size = fake_log.size - (unsigned int)(read->pos - fake_log.first);
	memcpy((void *)(uintptr_t)read->buf_ptr, fake_log.bytes + (read->pos - fake_log.first),
	       read->size);
	read->pos += read->size;
	read->ended = 1;
	return 0;
}

int dev_reserved(struct dev *dev, struct isle_reserved_cpu **cpus, uint32_t *nr_cpus,
		 struct isle_reserved_extent **extents, uint32_t *nr_extents)
{
	(void)dev;
	*cpus = calloc(16, sizeof(**cpus));
	*extents = calloc(16, sizeof(**extents));
	if (!*cpus || !*extents)
		return -ENOMEM;
	memcpy(*cpus, fake_cpus, sizeof(fake_cpus));
	memcpy(*extents, fake_extents, sizeof(fake_extents));
	*nr_cpus = fake_nr_cpus;
	*nr_extents = fake_nr_extents;
	return 0;
}
