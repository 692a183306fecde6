/* SPDX-License-Identifier: MIT */
/*
 * topology_xml.c - machine, packages, nodes, cores, hardware threads; each with the set of its CPUs.
 *
 * Objects are found by going over the isle's CPUs and taking each package, node and core when its first
 * CPU comes along; an isle has few hundred CPUs at most. A node is a child of its package, or of the machine
 * if it has CPUs of none or of several.
 */
#include "topology_xml.h"

#include "cpuset.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct xml {
	FILE *out;
	const struct plan *plan;
	uint32_t nr;
	const struct place_cpu *cpu[ISLE_MAX_CPUS];
	unsigned int next_id;  /* hwloc wants a number that no other object has */
	unsigned int depth;
};

typedef bool relation(const struct place_cpu *a, const struct place_cpu *b);

static bool any(const struct place_cpu *a, const struct place_cpu *b)
{
	(void)a, (void)b;
	return true;
}

static bool same_package(const struct place_cpu *a, const struct place_cpu *b)
{
	return a->package == b->package;
}

static bool same_node(const struct place_cpu *a, const struct place_cpu *b)
{
	return a->node == b->node;
}

static bool same_core(const struct place_cpu *a, const struct place_cpu *b)
{
	return a->package == b->package && a->node == b->node && a->core == b->core;
}

static bool same_cpu(const struct place_cpu *a, const struct place_cpu *b)
{
	return a == b;
}

/* hwloc's way: 32 bits a word, highest first; words of 0 are left out, at the front, or empty, but not the last one. */
static void set_print(FILE *out, const char *name, const uint64_t *bits, int words)
{
	bool begun = false;
	int i;

	fprintf(out, " %s=\"", name);
	for (i = 2 * words - 1; i >= 0; i--) {
		uint32_t word = (uint32_t)(bits[i / 2] >> (i % 2 * 32));

		if (!begun && !word && i)
			continue;
		if (begun && !word)
			fprintf(out, i ? "," : ",0x0");
		else
			fprintf(out, "%s0x%08x", begun ? "," : "", word);
		begun = true;
	}
	fprintf(out, "\"");
}

static void sets_print(struct xml *x, const struct place_cpu *of, relation *like, bool allowed)
{
	struct isle_cpuset cpus = { { 0 } };
	uint64_t nodes = 0;
	uint32_t i;

	for (i = 0; i < x->nr; i++)
		if (like(of, x->cpu[i])) {
			cpuset_add(&cpus, x->cpu[i]->linux_cpu);
			nodes |= 1ull << x->cpu[i]->node;
		}
	set_print(x->out, "cpuset", cpus.bits, CPUSET_MAX / 64);
	set_print(x->out, "complete_cpuset", cpus.bits, CPUSET_MAX / 64);
	if (allowed)
		set_print(x->out, "allowed_cpuset", cpus.bits, CPUSET_MAX / 64);
	set_print(x->out, "nodeset", &nodes, 1);
	set_print(x->out, "complete_nodeset", &nodes, 1);
	if (allowed)
		set_print(x->out, "allowed_nodeset", &nodes, 1);
}

static void object_begin(struct xml *x, const char *type, uint32_t index, const struct place_cpu *of, relation *like)
{
	fprintf(x->out, "%*s<object type=\"%s\" os_index=\"%u\"", (int)(2 * ++x->depth), "", type, index);
	sets_print(x, of, like, x->depth == 1);
	fprintf(x->out, " gp_index=\"%u\"", ++x->next_id);
}

static void object_end(struct xml *x)
{
	fprintf(x->out, "%*s</object>\n", (int)(2 * x->depth--), "");
}

/* True if no CPU before row i is like it: the object begins here. */
static bool is_first(const struct xml *x, uint32_t i, relation *like)
{
	uint32_t k;

	for (k = 0; k < i; k++)
		if (like(x->cpu[k], x->cpu[i]))
			return false;
	return true;
}

static bool node_in_one_package(const struct xml *x, const struct place_cpu *cpu)
{
	uint32_t i;

	for (i = 0; i < x->nr; i++)
		if (same_node(x->cpu[i], cpu) && !same_package(x->cpu[i], cpu))
			return false;
	return true;
}

static void node_print(struct xml *x, const struct place_cpu *cpu)
{
	uint64_t size = 0;
	unsigned int i;

	for (i = 0; i < x->plan->nr_mem; i++)
		if (x->plan->mem[i].node == cpu->node)
			size = x->plan->mem[i].size;
	object_begin(x, "NUMANode", cpu->node, cpu, same_node);
	fprintf(x->out, " local_memory=\"%llu\">\n%*s<page_type size=\"4096\" count=\"%llu\"/>\n",
		(unsigned long long)size, (int)(2 * x->depth + 2), "", (unsigned long long)size / 4096);
	object_end(x);
}

static void core_print(struct xml *x, const struct place_cpu *core)
{
	uint32_t i;

	object_begin(x, "Core", core->core, core, same_core);
	fprintf(x->out, ">\n");
	for (i = 0; i < x->nr; i++)
		if (same_core(x->cpu[i], core)) {
			object_begin(x, "PU", x->cpu[i]->linux_cpu, x->cpu[i], same_cpu);
			fprintf(x->out, "/>\n");
			x->depth--;
		}
	object_end(x);
}

static void package_print(struct xml *x, const struct place_cpu *package)
{
	uint32_t i;

	object_begin(x, "Package", package->package, package, same_package);
	fprintf(x->out, ">\n");
	for (i = 0; i < x->nr; i++)
		if (same_package(x->cpu[i], package) && is_first(x, i, same_node) &&
		    node_in_one_package(x, x->cpu[i]))
			node_print(x, x->cpu[i]);
	for (i = 0; i < x->nr; i++)
		if (same_package(x->cpu[i], package) && is_first(x, i, same_core))
			core_print(x, x->cpu[i]);
	object_end(x);
}

static void machine_print(struct xml *x)
{
	uint32_t i;

	fprintf(x->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n<topology version=\"2.0\">\n");
	object_begin(x, "Machine", 0, x->cpu[0], any);
	fprintf(x->out, ">\n    <info name=\"Backend\" value=\"isle\"/>\n");
	for (i = 0; i < x->nr; i++)
		if (is_first(x, i, same_node) && !node_in_one_package(x, x->cpu[i]))
			node_print(x, x->cpu[i]);
	for (i = 0; i < x->nr; i++)
		if (is_first(x, i, same_package))
			package_print(x, x->cpu[i]);
	object_end(x);
	fprintf(x->out, "</topology>\n");
}

int topology_xml_write(int fd, const struct plan *plan, const struct place_reserve *reserve)
{
	struct xml *x = calloc(1, sizeof(*x));
	int copy = x ? dup(fd) : -1, err = 0;
	uint32_t i;

	if (copy >= 0)
		x->out = fdopen(copy, "w");
	if (!x || !x->out) {
		err = -errno;
		if (copy >= 0)
			close(copy);
		free(x);
		return err;
	}
	x->plan = plan;
	for (i = 0; i < reserve->nr_cpus && x->nr < ISLE_MAX_CPUS; i++)
		if (cpuset_has(&plan->cpus, reserve->cpu[i].linux_cpu) && reserve->cpu[i].node < ISLE_MAX_NODES)
			x->cpu[x->nr++] = &reserve->cpu[i];
	if (x->nr)
		machine_print(x);
	else
		err = -ENOENT;
	if (fclose(x->out) && !err)
		err = -EIO;
	free(x);
	return err;
}
