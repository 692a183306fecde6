/* SPDX-License-Identifier: MIT */
/*
 * topology.c - the file that tells hwloc an isle's CPUs: hwloc itself reads it, for isles of every machine known here,
 * and must find just the CPUs, cores, packages, nodes and memory of the isle.
 */
#include "../lib/check.h"

#include "topology_xml.h"

#include "cpuset.h"
#include "machines.h"

#include <dlfcn.h>
#include <sys/mman.h>

/* What is used of hwloc 2, without its headers: libhwloc comes with MPICH, the headers do not. */
typedef struct hwloc *topology;
enum { MACHINE = 0, PACKAGE = 1, CORE = 2, PU = 3, NUMANODE = 13, DEPTH_NUMANODE = -3 };

static struct {
	int (*init)(topology *);
	int (*xml)(topology, const char *);
	int (*load)(topology);
	void (*destroy)(topology);
	int (*depth)(topology, int type);
	unsigned int (*number)(topology, int depth);
	int (*print)(char *, size_t, const void *cpuset);
	const void *(*all)(topology);
} hwloc;

static struct place_reserve reserve;
static struct place_plan places;
static topology read_back;
static int fd = -1;

static void *symbol(void *library, const char *name)
{
	void *found = dlsym(library, name);

	ASSERT_THAT(found, "libhwloc has no %s", name);
	return found;
}

static void begin(void)
{
	void *library = dlopen("libhwloc.so.15", RTLD_NOW);

	/* libxml2 keeps memory for ever. */
	setenv("HWLOC_LIBXML", "0", 1);
	if (!library)
		SKIP("there is no libhwloc.so.15");
	*(void **)&hwloc.init = symbol(library, "hwloc_topology_init");
	*(void **)&hwloc.xml = symbol(library, "hwloc_topology_set_xml");
	*(void **)&hwloc.load = symbol(library, "hwloc_topology_load");
	*(void **)&hwloc.destroy = symbol(library, "hwloc_topology_destroy");
	*(void **)&hwloc.depth = symbol(library, "hwloc_get_type_depth");
	*(void **)&hwloc.number = symbol(library, "hwloc_get_nbobjs_by_depth");
	*(void **)&hwloc.print = symbol(library, "hwloc_bitmap_list_snprintf");
	*(void **)&hwloc.all = symbol(library, "hwloc_topology_get_topology_cpuset");
}

static void after(void)
{
	if (read_back)
		hwloc.destroy(read_back);
	read_back = NULL;
	if (fd >= 0)
		close(fd);
	fd = -1;
	place_free(&places);
}

/* Writes a plan and lets hwloc read it. */
static void written(const struct plan *plan)
{
	char path[64];

	if (read_back)
		hwloc.destroy(read_back);
	read_back = NULL;
	if (fd >= 0)
		close(fd);
	fd = memfd_create("topology", MFD_CLOEXEC);
	ASSERT_GE(fd, 0);
	ASSERT_ERR(topology_xml_write(fd, plan, &reserve), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ASSERT_EQ(hwloc.init(&read_back), 0);
	ASSERT_EQ(hwloc.xml(read_back, path), 0);
	ASSERT_EQ(hwloc.load(read_back), 0);
}

static unsigned int count(int type)
{
	return hwloc.number(read_back, type == NUMANODE ? DEPTH_NUMANODE : hwloc.depth(read_back, type));
}

static struct plan plan_of(const struct place_isle *isle)
{
	struct plan plan = { .cpus = isle->cpus, .nr_cpus = isle->nr_cpus, .nr_cores = isle->nr_cores,
			     .nr_mem = isle->nr_mem };

	memcpy(plan.mem, isle->mem, sizeof(plan.mem));
	return plan;
}

/* How many nodes and packages the isle's CPUs are of. */
static void expected(const struct place_isle *isle, unsigned int *nodes, unsigned int *packages)
{
	uint64_t node = 0, package = 0;

	for (uint32_t i = 0; i < reserve.nr_cpus; i++)
		if (cpuset_has(&isle->cpus, reserve.cpu[i].linux_cpu)) {
			node |= 1ull << reserve.cpu[i].node;
			package |= 1ull << reserve.cpu[i].package;
		}
	*nodes = (unsigned int)__builtin_popcountll(node);
	*packages = (unsigned int)__builtin_popcountll(package);
}

static void isle_check(const struct model *machine, const struct place_isle *isle)
{
	struct plan plan = plan_of(isle);
	char cpus[CPUSET_TEXT], got[CPUSET_TEXT];
	unsigned int nodes, packages;

	written(&plan);
	expected(isle, &nodes, &packages);
	hwloc.print(got, sizeof(got), hwloc.all(read_back));
	cpuset_print(&isle->cpus, cpus, sizeof(cpus));
	EXPECT_THAT(strcmp(got, cpus) == 0, "%s: hwloc reads CPUs %s, they are %s", machine->name, got, cpus);
	EXPECT_THAT(count(PU) == isle->nr_cpus, "%s: %u CPUs, not %u", machine->name, count(PU), isle->nr_cpus);
	EXPECT_THAT(count(CORE) == isle->nr_cores, "%s: %u cores, not %u", machine->name, count(CORE),
		    isle->nr_cores);
	EXPECT_THAT(count(NUMANODE) == nodes, "%s: %u nodes, not %u", machine->name, count(NUMANODE), nodes);
	EXPECT_THAT(count(PACKAGE) == packages, "%s: %u packages, not %u", machine->name, count(PACKAGE), packages);
}

/* Catches: a core counted twice where core numbers repeat, siblings far away taken for cores, nodes of no package. */
TEST(every_isle_of_every_machine)
{
	struct refusal why;

	begin();
	for (unsigned int m = 0; m < nr_machines; m++)
		for (uint32_t ranks = 1; ranks <= 8; ranks += ranks < 3 ? 1 : 5) {
			struct place_ask ask = { .ranks = ranks };

			machine_reserve(&machines[m], &reserve);
			place_free(&places);
			if (place_job(&reserve, &ask, &places, &why))
				continue;
			for (uint32_t r = 0; r < places.nr; r++)
				isle_check(&machines[m], &places.isle[r]);
		}
}

/* Catches: sets of more than 32 and 64 CPUs, whose words hwloc wants highest first. */
TEST(high_cpu_numbers)
{
	struct plan plan = { .nr_cpus = 3, .nr_cores = 3, .nr_mem = 1, .mem = { { .node = 0, .size = 64 << 20 } } };
	static const uint32_t numbers[] = { 31, 95, 1023 };
	char got[CPUSET_TEXT];

	begin();
	memset(&reserve, 0, sizeof(reserve));
	for (unsigned int i = 0; i < 3; i++) {
		reserve.cpu[reserve.nr_cpus++] = (struct place_cpu){ .linux_cpu = numbers[i], .core = i, .free = true };
		cpuset_add(&plan.cpus, numbers[i]);
	}
	written(&plan);
	hwloc.print(got, sizeof(got), hwloc.all(read_back));
	EXPECT_STR(got, "31,95,1023");
	EXPECT_EQ(count(CORE), 3);
}

/* Catches: a node that lies over two packages, as some firmware tells, made the child of one. */
TEST(a_node_over_two_packages)
{
	struct plan plan = { .nr_cpus = 4, .nr_cores = 4 };
	static char text[16384];

	begin();
	memset(&reserve, 0, sizeof(reserve));
	for (uint32_t i = 0; i < 4; i++) {
		reserve.cpu[reserve.nr_cpus++] =
			(struct place_cpu){ .linux_cpu = i, .package = i / 2, .core = i % 2, .free = true };
		cpuset_add(&plan.cpus, i);
	}
	written(&plan);
	ASSERT_GT(pread(fd, text, sizeof(text) - 1, 0), 0);
	ASSERT(strstr(text, "NUMANode") && strstr(text, "Package"));
	EXPECT(strstr(text, "NUMANode") < strstr(text, "Package"));
	EXPECT_EQ(count(NUMANODE), 1);
	EXPECT_EQ(count(PACKAGE), 2);
	EXPECT_EQ(count(CORE), 4);
}

/* Catches: a file without CPUs, of which hwloc says that the machine is empty. */
TEST(no_cpu_is_an_error)
{
	struct plan plan = { .nr_cpus = 0 };

	machine_reserve(&machines[0], &reserve);
	fd = memfd_create("topology", MFD_CLOEXEC);
	EXPECT_ERR(topology_xml_write(fd, &plan, &reserve), -ENOENT);
	EXPECT_ERR(topology_xml_write(-1, &plan, &reserve), -EBADF);
}

int main(void)
{
	static const struct check_hooks hooks = { NULL, after, NULL, NULL };

	return check_main(&hooks);
}
