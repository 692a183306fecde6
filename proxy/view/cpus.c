// SPDX-License-Identifier: MIT
/*
 * cpus.c - /sys/devices/system/cpu of an isle: its CPUs, how they belong together, their caches.
 *
 * The names and forms are Linux's (Documentation/ABI/stable/sysfs-devices-system-cpu). Files that
 * say the same have one inode: most of a large isle's files are such, and a link is cheaper.
 */
#include "inner.h"

#include <stdio.h>
#include <string.h>

#define CPU   "sys/devices/system/cpu"

enum relation { SAME_CORE, SAME_PACKAGE };

static bool related(const struct view_cpu *a, const struct view_cpu *b, enum relation relation)
{
	return a->package == b->package && (relation == SAME_PACKAGE || a->core == b->core);
}

/* The CPUs related to row i. Returns the first of them, by row. */
static uint32_t relatives(const struct view_machine *m, uint32_t i, enum relation relation,
			  struct isle_cpuset *set)
{
	uint32_t j, first = i;

	cpuset_clear(set);
	for (j = 0; j < m->nr_cpus; j++) {
		if (!related(&m->cpu[i], &m->cpu[j], relation))
			continue;
		cpuset_add(set, m->cpu[j].cpu);
		first = j < first ? j : first;
	}
	return first;
}

/* A pair of files NAME and NAME_list that row i has in common with row first. */
static void put_common(struct view *view, uint32_t i, uint32_t first, const char *name,
		       const struct isle_cpuset *set)
{
	const struct view_cpu *cpu = view->machine.cpu;
	char from[PATH_MAX], to[PATH_MAX];
	int list;

	if (i == first) {
		snprintf(from, sizeof(from), CPU "/cpu%u/topology/%s", cpu[i].cpu, name);
		snprintf(to, sizeof(to), CPU "/cpu%u/topology/%s_list", cpu[i].cpu, name);
		view_put_set(view, from, to, set);
		return;
	}
	for (list = 0; list < 2; list++) {
		const char *end = list ? "_list" : "";

		snprintf(from, sizeof(from), CPU "/cpu%u/topology/%s%s", cpu[first].cpu, name, end);
		snprintf(to, sizeof(to), CPU "/cpu%u/topology/%s%s", cpu[i].cpu, name, end);
		view_same(view, from, to);
	}
}

/* The name a file had in older kernels. */
static void put_old_name(struct view *view, uint32_t cpu, const char *name, const char *old)
{
	char from[PATH_MAX], to[PATH_MAX];
	int list;

	for (list = 0; list < 2; list++) {
		const char *end = list ? "_list" : "";

		snprintf(from, sizeof(from), CPU "/cpu%u/topology/%s%s", cpu, name, end);
		snprintf(to, sizeof(to), CPU "/cpu%u/topology/%s%s", cpu, old, end);
		view_same(view, from, to);
	}
}

static void put_number(struct view *view, uint32_t cpu, const char *name, uint32_t number)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), CPU "/cpu%u/topology/%s", cpu, name);
	view_put(view, path, "%u\n", number);
}

static void write_topology(struct view *view, uint32_t i)
{
	const struct view_cpu *cpu = &view->machine.cpu[i];
	struct isle_cpuset set;
	uint32_t first;

	view_dir(view, CPU "/cpu%u/topology", cpu->cpu);
	put_number(view, cpu->cpu, "physical_package_id", cpu->package);
	put_number(view, cpu->cpu, "die_id", 0);
	put_number(view, cpu->cpu, "core_id", cpu->core);
	first = relatives(&view->machine, i, SAME_CORE, &set);
	put_common(view, i, first, "core_cpus", &set);
	put_old_name(view, cpu->cpu, "core_cpus", "thread_siblings");
	first = relatives(&view->machine, i, SAME_PACKAGE, &set);
	put_common(view, i, first, "package_cpus", &set);
	put_old_name(view, cpu->cpu, "package_cpus", "core_siblings");
	put_old_name(view, cpu->cpu, "package_cpus", "die_cpus");
}

/* The CPUs that share row i's cache, and the first of them. */
static uint32_t cache_sharers(const struct view_machine *m, uint32_t i, uint32_t shift,
			      struct isle_cpuset *set)
{
	uint32_t j, first = i;

	cpuset_clear(set);
	for (j = 0; j < m->nr_cpus; j++) {
		if (m->cpu[i].apic_id >> shift != m->cpu[j].apic_id >> shift)
			continue;
		cpuset_add(set, m->cpu[j].cpu);
		first = j < first ? j : first;
	}
	return first;
}

static const char *const cache_files[] = {
	"level", "type", "size", "coherency_line_size", "physical_line_partition",
	"ways_of_associativity", "number_of_sets", "id", "shared_cpu_map", "shared_cpu_list",
};
#define CACHE_FILES      (sizeof(cache_files) / sizeof(cache_files[0]))
#define CACHE_ANYWHERE   7u   /* so many do not depend on who shares it */

static void cache_file(struct view *view, const char *path, unsigned int file, uint32_t i,
		       const struct view_cache *cache, const struct isle_cpuset *set)
{
	char text[CPUSET_TEXT];

	switch (file) {
	case 0: view_put(view, path, "%u\n", cache->level); break;
	case 1: view_put(view, path, "%s\n", cache->type == 'D' ? "Data" :
			 cache->type == 'I' ? "Instruction" : "Unified"); break;
	case 2: view_put(view, path, "%uK\n", cache->size >> 10); break;
	case 3: view_put(view, path, "%u\n", cache->line); break;
	case 4: view_put(view, path, "%u\n", cache->partitions); break;
	case 5: view_put(view, path, "%u\n", cache->ways); break;
	case 6: view_put(view, path, "%u\n", cache->sets); break;
	case 7: view_put(view, path, "%u\n", view->machine.cpu[i].apic_id >> cache->shift); break;
	case 8: view_put(view, path, "%s\n", view_mask(set, view->mask_bits, text)); break;
	default: view_put(view, path, "%s\n", view_list(set, text)); break;
	}
}

static void write_cache(struct view *view, uint32_t i, uint32_t index)
{
	const struct view_machine *m = &view->machine;
	struct isle_cpuset set;
	char from[PATH_MAX], to[PATH_MAX];
	uint32_t sharer = cache_sharers(m, i, m->cache[index].shift, &set), first;
	unsigned int file;

	view_dir(view, CPU "/cpu%u/cache/index%u", m->cpu[i].cpu, index);
	for (file = 0; file < CACHE_FILES; file++) {
		const char *name = cache_files[file];

		first = file < CACHE_ANYWHERE ? 0 : sharer;
		snprintf(to, sizeof(to), CPU "/cpu%u/cache/index%u/%s", m->cpu[i].cpu, index, name);
		snprintf(from, sizeof(from), CPU "/cpu%u/cache/index%u/%s", m->cpu[first].cpu,
			 index, name);
		if (first == i)
			cache_file(view, to, file, i, &m->cache[index], &set);
		else
			view_same(view, from, to);
	}
}

static void write_cpu(struct view *view, uint32_t i)
{
	const struct view_cpu *cpu = &view->machine.cpu[i];
	char target[64], path[PATH_MAX];
	uint32_t index;

	view_dir(view, CPU "/cpu%u", cpu->cpu);
	snprintf(path, sizeof(path), CPU "/cpu%u/online", cpu->cpu);
	view_put(view, path, "1\n");
	snprintf(target, sizeof(target), "../../node/node%u", cpu->node);
	snprintf(path, sizeof(path), CPU "/cpu%u/node%u", cpu->cpu, cpu->node);
	view_link(view, target, path);
	snprintf(target, sizeof(target), "../../../devices/system/cpu/cpu%u", cpu->cpu);
	snprintf(path, sizeof(path), "sys/bus/cpu/devices/cpu%u", cpu->cpu);
	view_link(view, target, path);
	write_topology(view, i);
	if (view->machine.nr_caches)
		view_dir(view, CPU "/cpu%u/cache", cpu->cpu);
	for (index = 0; index < view->machine.nr_caches; index++)
		write_cache(view, i, index);
}

static bool has_smt(const struct view_machine *m)
{
	struct isle_cpuset set;
	uint32_t i;

	for (i = 0; i < m->nr_cpus; i++) {
		relatives(m, i, SAME_CORE, &set);
		if (cpuset_count(&set) > 1)
			return true;
	}
	return false;
}

/* Programs size their tables by the highest possible CPU: those below the isle's are such as never come. */
static void write_lists(struct view *view, const struct isle_cpuset *online)
{
	char text[CPUSET_TEXT];
	struct isle_cpuset possible, offline;
	unsigned int cpu, top = CPUSET_MAX - 1;

	while (top && !cpuset_has(online, top))
		top--;
	cpuset_clear(&possible);
	cpuset_clear(&offline);
	for (cpu = 0; cpu <= top; cpu++) {
		cpuset_add(&possible, cpu);
		if (!cpuset_has(online, cpu))
			cpuset_add(&offline, cpu);
	}
	view_put(view, CPU "/possible", "%s\n", view_list(&possible, text));
	view_put(view, CPU "/offline", "%s\n", view_list(&offline, text));
}

void view_write_cpus(struct view *view)
{
	static const char *const lists[] = { "online", "present", "enabled" };
	char text[CPUSET_TEXT], path[PATH_MAX];
	struct isle_cpuset set;
	uint32_t i;

	view_dir(view, "sys");
	view_dir(view, "sys/devices");
	view_dir(view, "sys/devices/system");
	view_dir(view, CPU);
	view_dir(view, "sys/bus");
	view_dir(view, "sys/bus/cpu");
	view_dir(view, "sys/bus/cpu/devices");
	view_all_cpus(&view->machine, &set);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		snprintf(path, sizeof(path), CPU "/%s", lists[i]);
		view_put(view, path, "%s\n", view_list(&set, text));
	}
	write_lists(view, &set);
	view_put(view, CPU "/isolated", "\n");
	view_put(view, CPU "/kernel_max", "%u\n", CPUSET_MAX - 1);
	view_dir(view, CPU "/smt");
	view_put(view, CPU "/smt/active", "%d\n", has_smt(&view->machine));
	view_put(view, CPU "/smt/control", "%s\n", has_smt(&view->machine) ? "on" : "notsupported");
	for (i = 0; i < view->machine.nr_cpus; i++)
		write_cpu(view, i);
}
