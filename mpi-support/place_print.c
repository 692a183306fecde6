/* SPDX-License-Identifier: MIT */
/*
 * place_print.c - a plan as a table, as JSON, and as one number.
 */
#include "placement.h"

#include "cpus.h"

#include <inttypes.h>
#include <string.h>

static uint64_t isle_mem_sum(const struct place_isle *isle)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < isle->nr_mem; i++)
		sum += isle->mem[i].size;
	return sum;
}

/* Granules are even MiB, so MiB are exact; GiB only where they are too. */
static void print_size(char text[32], uint64_t bytes)
{
	uint64_t mib = bytes >> 20;

	if (mib >= 1024 && mib % 1024 == 0)
		snprintf(text, 32, "%" PRIu64 " GiB", mib / 1024);
	else
		snprintf(text, 32, "%" PRIu64 " MiB", mib);
}

static void print_nodes(char *text, size_t size, const struct place_isle *isle)
{
	size_t used = 0;

	text[0] = 0;
	for (uint32_t i = 0; i < isle->nr_mem && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%u", i ? "," : "",
					 isle->mem[i].node);
}

void place_print(FILE *out, const struct place_plan *plan, const uint32_t *ranks)
{
	char cpus[CPUS_TEXT], nodes[256], size[32];

	fprintf(out, "  %4s  %5s  %4s  %10s  %-8s  %s\n", "rank", "cores", "cpus", "memory",
		"nodes", "cpu list");
	for (uint32_t r = 0; r < plan->nr; r++) {
		const struct place_isle *isle = &plan->isle[r];

		print_size(size, isle_mem_sum(isle));
		print_nodes(nodes, sizeof(nodes), isle);
		fprintf(out, "  %4u  %5u  %4u  %10s  %-8s  %s\n", ranks ? ranks[r] : r, isle->nr_cores,
			isle->nr_cpus, size, nodes, cpus_print(&isle->cpus, cpus));
	}
}

void place_print_json(FILE *out, const struct place_plan *plan, const uint32_t *ranks)
{
	char cpus[CPUS_TEXT];

	fprintf(out, "{\"ranks\": [");
	for (uint32_t r = 0; r < plan->nr; r++) {
		const struct place_isle *isle = &plan->isle[r];

		fprintf(out, "%s\n  {\"rank\": %u, \"cores\": %u, \"cpus\": %u, \"cpu_list\": \"%s\", "
			"\"memory\": %" PRIu64 ", \"nodes\": [",
			r ? "," : "", ranks ? ranks[r] : r, isle->nr_cores, isle->nr_cpus,
			cpus_print(&isle->cpus, cpus), isle_mem_sum(isle));
		for (uint32_t i = 0; i < isle->nr_mem; i++)
			fprintf(out, "%s{\"node\": %u, \"memory\": %" PRIu64 "}", i ? ", " : "",
				isle->mem[i].node, isle->mem[i].size);
		fprintf(out, "]}");
	}
	fprintf(out, "\n], \"digest\": \"%016" PRIx64 "\"}\n", place_digest(plan));
}

/* FNV-1a, number by number, so that padding does not count. */
static void digest_add(uint64_t *digest, uint64_t value)
{
	for (int i = 0; i < 8; i++, value >>= 8)
		*digest = (*digest ^ (value & 0xff)) * 0x100000001b3ull;
}

uint64_t place_digest(const struct place_plan *plan)
{
	uint64_t digest = 0xcbf29ce484222325ull;

	digest_add(&digest, plan->nr);
	for (uint32_t r = 0; r < plan->nr; r++) {
		const struct place_isle *isle = &plan->isle[r];

		for (size_t i = 0; i < sizeof(isle->cpus.bits) / sizeof(isle->cpus.bits[0]); i++)
			digest_add(&digest, isle->cpus.bits[i]);
		for (uint32_t i = 0; i < isle->nr_mem; i++) {
			digest_add(&digest, isle->mem[i].node);
			digest_add(&digest, isle->mem[i].size);
		}
	}
	return digest;
}
