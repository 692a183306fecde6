// SPDX-License-Identifier: MIT
/*
 * machines.c - builds the tables of machines as the module would tell them.
 */
#include "../lib/check.h"
#include "machines.h"

const struct shape shapes[] = {
	/* name             nodes cores threads first L3 */
	{ "small",              1,    2,      1,    2,  2 },
	{ "two nodes",          2,    3,      1,    1,  2 },
	{ "smt",                1,    4,      2,    4,  4 },
	{ "wide",               2,   64,      1,  190,  8 },
	{ "one core",           1,    1,      1,    7,  1 },
};
const unsigned int nr_shapes = sizeof(shapes) / sizeof(shapes[0]);

static void caches_of(const struct shape *shape, struct view_machine *m)
{
	uint32_t smt = shape->threads > 1, l3 = smt;

	while (1u << (l3 - smt) < shape->cores_of_l3)
		l3++;
	m->nr_caches = 4;
	m->cache[0] = (struct view_cache){ 1, 'D', 48 << 10, 64, 1, 12, 64, smt };
	m->cache[1] = (struct view_cache){ 1, 'I', 32 << 10, 64, 1, 8, 64, smt };
	m->cache[2] = (struct view_cache){ 2, 'U', 1 << 20, 64, 1, 16, 1024, smt };
	m->cache[3] = (struct view_cache){ 3, 'U', 32 << 20, 64, 1, 16, 32768, l3 };
}

struct view_machine *machine_of(const struct shape *shape)
{
	static struct view_machine m;
	unsigned int core, thread, n;

	memset(&m, 0, sizeof(m));
	/* As Linux numbers them: first threads of all cores, then the second ones. */
	for (thread = 0; thread < shape->threads; thread++) {
		for (core = 0; core < shape->cores; core++) {
			struct view_cpu *cpu = &m.cpu[m.nr_cpus++];

			n = core * shape->nodes / shape->cores; /* a package a node */
			cpu->cpu = shape->first_cpu + thread * shape->cores + core;
			cpu->package = n;
			cpu->node = n;
			cpu->core = core;
			cpu->thread = thread;
			cpu->apic_id = n << 10 | core << (shape->threads > 1) | thread;
		}
	}
	m.nr_nodes = shape->nodes;
	for (n = 0; n < shape->nodes; n++) {
		m.node[n].node = n;
		m.node[n].size = NODE_SIZE;
		m.node[n].distance[n] = 10;
		m.node[n].distance[!n] = 32;
		m.mem_size += NODE_SIZE;
	}
	m.program = "/usr/bin/env";
	caches_of(shape, &m);
	return &m;
}

static char base[64];

const char *base_dir(void)
{
	if (!base[0]) {
		/* In memory, as a proxy has it: a disk would be what is measured. */
		snprintf(base, sizeof(base), "%s/view-test.XXXXXX",
			 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		ASSERT(mkdtemp(base) != NULL);
	}
	return base;
}

int views_left(void)
{
	DIR *dir = opendir(base_dir());
	struct dirent *entry;
	int n = 0;

	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

int base_remove(void)
{
	return !base[0] || rmdir(base) == 0 ? 0 : -errno;
}

struct view *view_of(const struct shape *shape)
{
	struct view *view = NULL;

	ASSERT_ERR(view_create(&view, machine_of(shape), base_dir()), 0);
	return view;
}

static void (*test_after)(void);

static void after(void)
{
	if (test_after)
		test_after();
	EXPECT_EQ(views_left(), 0);
}

static void end(void)
{
	EXPECT_ERR(base_remove(), 0);
}

int machines_main(void (*after_each)(void))
{
	static const struct check_hooks hooks = {
		.after = after, .end = end, .end_name = "nothing_is_left_behind",
	};

	test_after = after_each;
	return check_main(&hooks);
}
