/* SPDX-License-Identifier: MIT */
/*
 * test_pool.c - the reserve as a machine: only parked CPUs and free extents can be had.
 */
#include "check.h"

#include "fake.h"
#include "pool.h"

TEST(pool_counts_what_is_free)
{
	static const struct isle_reserved_cpu cpus[] = {
		{ .linux_cpu = 4, .node = 1, .package = 1, .core = 0, .state = ISLE_RCPU_PARKED },
		{ .linux_cpu = 5,
		  .node = 1,
		  .package = 1,
		  .core = 1,
		  .state = ISLE_RCPU_ISLE,
		  .isle_id = 7 },
		{ .linux_cpu = 12, .node = 1, .package = 1, .core = 0, .state = ISLE_RCPU_PARKED },
		{ .linux_cpu = 1, .node = 0, .package = 0, .core = 0, .state = ISLE_RCPU_PARKED },
		{ .linux_cpu = 2, .node = 0, .package = 0, .core = 1, .state = ISLE_RCPU_LOST },
	};
	static const struct isle_reserved_extent extents[] = {
		{ .size = GIB, .node = 1 },
		{ .size = 2 * GIB, .node = 1, .isle_id = 7 },
		{ .size = GIB, .node = 3 },
		{ .size = GIB, .node = 1 },
	};
	struct dev dev = { .fd = -1 };
	struct machine m;

	memcpy(fake_cpus, cpus, sizeof(cpus));
	memcpy(fake_extents, extents, sizeof(extents));
	fake_nr_cpus = 5;
	fake_nr_extents = 4;
	ASSERT_ERR(pool_read(&dev, &m), 0);
	EXPECT_EQ(m.nr_cpus, 3);
	EXPECT_EQ(m.cpu[0].cpu, 1);
	EXPECT_EQ(m.cpu[1].cpu, 4);
	EXPECT_EQ(m.cpu[2].cpu, 12);
	EXPECT_EQ(m.cpu[1].core, m.cpu[2].core);
	EXPECT_NE(m.cpu[0].core, m.cpu[1].core);
	EXPECT(cpuset_has(&m.used, 5) && cpuset_count(&m.used) == 1);
	ASSERT_EQ(m.nr_nodes, 3);
	EXPECT_EQ(m.node[0].node, 0);
	EXPECT_EQ(m.node[0].free, 0);
	EXPECT_EQ(m.node[1].node, 1);
	EXPECT_EQ(m.node[1].size, 4 * GIB);
	EXPECT_EQ(m.node[1].free, 2 * GIB);
	EXPECT_EQ(m.node[2].node, 3);
}
