/* SPDX-License-Identifier: MIT */
/*
 * status.c - islectl status: the reserve, node by node, and what is free of it.
 */
#include "ctl.h"

#include "cpuset.h"
#include "size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One node of the reserve. */
struct row {
	uint32_t node;
	struct isle_cpuset cpus, free_cpus, lost_cpus;
	uint64_t size, free, largest; /* largest: of the free extents */
	unsigned int extents;
};

struct reserve {
	struct isle_reserved_cpu *cpus;
	struct isle_reserved_extent *extents;
	uint32_t nr_cpus, nr_extents;
	unsigned int nr_rows;
	struct row row[ISLE_MAX_NODES];
};

/* Rows ascend by node. NULL: more nodes than a machine may have. */
static struct row *row_of(struct reserve *r, uint32_t node)
{
	unsigned int i = 0;

	while (i < r->nr_rows && r->row[i].node < node)
		i++;
	if (i < r->nr_rows && r->row[i].node == node)
		return &r->row[i];
	if (r->nr_rows == ISLE_MAX_NODES)
		return NULL;
	memmove(&r->row[i + 1], &r->row[i], (r->nr_rows++ - i) * sizeof(r->row[0]));
	memset(&r->row[i], 0, sizeof(r->row[i]));
	r->row[i].node = node;
	return &r->row[i];
}

static void add_up(struct reserve *r)
{
	struct row *row;
	uint32_t i;

	for (i = 0; i < r->nr_cpus; i++) {
		const struct isle_reserved_cpu *cpu = &r->cpus[i];

		row = row_of(r, cpu->node);
		if (!row)
			continue;
		cpuset_add(&row->cpus, cpu->linux_cpu);
		if (cpu->state == ISLE_RCPU_PARKED)
			cpuset_add(&row->free_cpus, cpu->linux_cpu);
		if (cpu->state == ISLE_RCPU_LOST)
			cpuset_add(&row->lost_cpus, cpu->linux_cpu);
	}
	for (i = 0; i < r->nr_extents; i++) {
		row = row_of(r, r->extents[i].node);
		if (!row)
			continue;
		row->extents++;
		row->size += r->extents[i].size;
		if (r->extents[i].isle_id)
			continue;
		row->free += r->extents[i].size;
		if (r->extents[i].size > row->largest)
			row->largest = r->extents[i].size;
	}
}

static void print_reserve(const struct ctl *ctl, const struct reserve *r)
{
	const struct isle_info *info = &ctl->dev.info;
	char a[CPUSET_TEXT], b[SIZE_TEXT];
	unsigned int i;

	printf("module    ABI revision %u, vector 0x%02x, %s\n", info->revision, info->vector,
	       info->flags & ISLE_INFO_F_X2APIC ? "x2APIC" : "xAPIC");
	printf("reserve   %u CPUs, %u free; %s", info->reserved_cpus, info->free_cpus,
	       size_print(info->reserved_mem, b));
	printf(", %s free\n", size_print(info->free_mem, b));
	if (r->nr_rows == 0)
		puts("          empty; `islectl reserve' takes CPUs and memory from Linux");
	for (i = 0; i < r->nr_rows; i++) {
		const struct row *row = &r->row[i];

		printf("  node %-2u CPUs %s", row->node, cpuset_print(&row->cpus, a, sizeof(a)));
		printf(", free %s; %s", cpuset_print(&row->free_cpus, a, sizeof(a)),
		       size_print(row->size, b));
		printf(" in %u extent%s", row->extents, row->extents == 1 ? "" : "s");
		printf(", free %s", size_print(row->free, b));
		printf(", largest %s\n", size_print(row->largest, b));
		if (cpuset_count(&row->lost_cpus))
			printf("          CPUs %s are lost: they did not reach the park loop; a "
			       "reboot brings them back\n",
			       cpuset_print(&row->lost_cpus, a, sizeof(a)));
	}
	printf("isles     %u; `islectl list' shows them\n", info->nr_isles);
	printf("so far    %llu doorbells from isles, %llu INITs sent\n",
	       (unsigned long long)info->doorbells, (unsigned long long)info->inits_sent);
}

static void json_rows(struct json *json, const struct reserve *r)
{
	unsigned int i;

	json_array(json, "nodes");
	for (i = 0; i < r->nr_rows; i++) {
		const struct row *row = &r->row[i];

		json_object(json, NULL);
		json_unsigned(json, "node", row->node);
		ctl_json_cpus(json, "cpus", &row->cpus);
		ctl_json_cpus(json, "free_cpus", &row->free_cpus);
		ctl_json_cpus(json, "lost_cpus", &row->lost_cpus);
		json_unsigned(json, "bytes", row->size);
		json_unsigned(json, "free_bytes", row->free);
		json_unsigned(json, "largest_free_extent_bytes", row->largest);
		json_unsigned(json, "extents", row->extents);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_reserve(struct ctl *ctl, const struct reserve *r)
{
	const struct isle_info *info = &ctl->dev.info;
	struct json *json = &ctl->out;

	json_begin(json, stdout, false);
	json_object(json, NULL);
	json_unsigned(json, "abi_revision", info->revision);
	json_bool(json, "x2apic", info->flags & ISLE_INFO_F_X2APIC);
	json_unsigned(json, "vector", info->vector);
	json_unsigned(json, "isles", info->nr_isles);
	json_unsigned(json, "cpus", info->reserved_cpus);
	json_unsigned(json, "free_cpus", info->free_cpus);
	json_unsigned(json, "bytes", info->reserved_mem);
	json_unsigned(json, "free_bytes", info->free_mem);
	json_unsigned(json, "inits_sent", info->inits_sent);
	json_unsigned(json, "doorbells", info->doorbells);
	json_unsigned(json, "tsc_khz", info->tsc_khz);
	json_rows(json, r);
	json_object_end(json);
	json_end(json);
}

int status_run(struct ctl *ctl, int argc, char **argv)
{
	const struct opt opts[] = { CTL_JSON(ctl), CTL_HELP(ctl) };
	struct reserve r = { .nr_rows = 0 };
	uint32_t isle = 0;
	int status, err, nr;

	status = ctl_parse(ctl, opts, argc, argv, 1, &nr);
	if (status == CTL_GO && nr == 1)
		status = ctl_isle(ctl, argv[0], &isle);
	if (status == CTL_GO)
		status = ctl_open(ctl);
	if (status != CTL_GO)
		return status;
	if (nr == 1)
		return isle_show(ctl, isle);
	err = dev_reserved(&ctl->dev, &r.cpus, &r.nr_cpus, &r.extents, &r.nr_extents);
	if (err)
		return ctl_fail(ctl, err, &ctl->dev.why);
	add_up(&r);
	if (ctl->json)
		json_reserve(ctl, &r);
	else
		print_reserve(ctl, &r);
	free(r.cpus);
	free(r.extents);
	return CTL_OK;
}
