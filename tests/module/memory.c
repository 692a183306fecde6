// SPDX-License-Identifier: MIT
/*
 * memory.c - taking memory from a node: fast, of that node exactly, up to what there is, and all of
 * it back.
 *
 * Needs a machine with 2 GiB in each node. Breakages it catches: pages taken one by one or zeroed
 * while they are taken, memory from the neighbour node when one is short, a strict request that
 * keeps what it got, a sum that does not match the extents, a release that loses some.
 */
#include "isle.h"
#include "world.h"

#define BIG_MIB  1024u
#define BOUND_NS  100000000ull  /* the promise for 1 GiB, where allocation does not clear */
#define SLACK  (32 * MIB)       /* what Linux itself may take or free meanwhile */

/* Sums of the reserve's extents by node, and their number. */
static unsigned int extents_by_node(uint64_t sum[2])
{
	struct isle_reserved_extent extents[1024];
	struct isle_reserved r;
	int fd = dev_open();
	unsigned int i;

	memset(&r, 0, sizeof(r));
	r.extents_ptr = (uintptr_t)extents;
	r.nr_extents = 1024;
	ASSERT_ERR(dev_call(fd, ISLE_IOC_RESERVED, &r), 0);
	dev_close(fd);
	sum[0] = sum[1] = 0;
	for (i = 0; i < r.nr_extents && i < 1024; i++) {
		EXPECT_EQ(extents[i].size % ISLE_GRANULE_SIZE, 0);
		EXPECT_EQ(extents[i].isle_id, 0);
		if (EXPECT_LT(extents[i].node, 2))
			sum[extents[i].node] += extents[i].size;
	}
	return r.nr_extents;
}

static uint64_t free_after_drop(unsigned int node)
{
	sync();
	file_write("/proc/sys/vm/drop_caches", "3");
	return node_free(node);
}

static void need_size(unsigned int node)
{
	if (free_after_drop(node) < (BIG_MIB + 256) * MIB)
		SKIP("node %u has less than %u MiB free", node, BIG_MIB + 256);
}

/* Three times, as the host may be busy; each time all the checks. */
static void take_big(unsigned int node)
{
	uint64_t best = ~0ull, sum[2], before[2];
	struct isle_reserve r;
	unsigned int i, n = 0;
	int fd;

	need_size(node);
	fd = dev_open();
	for (i = 0; i < 3; i++) {
		before[0] = free_after_drop(0);
		before[1] = free_after_drop(1);
		ASSERT_ERR(dev_reserve(fd, "", node == 0 ? BIG_MIB : 0, node == 1 ? BIG_MIB : 0,
				       ISLE_RESERVE_F_STRICT, &r), 0);
		best = r.memory_ns < best ? r.memory_ns : best;
		n = extents_by_node(sum);
		EXPECT_EQ(sum[node], BIG_MIB * MIB);
		EXPECT_EQ(sum[!node], 0);
		/* By Linux's own count the node has lost that much, and the other nothing. */
		EXPECT_LE(node_free(node), before[node] - BIG_MIB * MIB + SLACK);
		EXPECT_GE(node_free(!node) + SLACK, before[!node]);
		ASSERT_ERR(dev_release(fd, NULL), 0);
		EXPECT_GE(free_after_drop(node) + SLACK, before[node]);
	}
	dev_close(fd);
	note("%u MiB of node %u: %.1f ms at best, %u extents", BIG_MIB, node, (double)best / 1e6,
	     n);
	EXPECT_LT(best, BOUND_NS);
}

TEST(one_gib_of_node_0_in_100_ms)
{
	take_big(0);
}

TEST(one_gib_of_node_1_in_100_ms)
{
	take_big(1);
}

/* 64 GiB are not there. Strict: nothing changes. */
TEST(strict_is_all_or_nothing)
{
	struct isle_mem mem[2];
	struct isle_reserve r;
	struct world before;
	int fd = dev_open();

	memset(mem, 0, sizeof(mem));
	memset(&r, 0, sizeof(r));
	mem[0].node = 0;
	mem[0].size = 64 * MIB;
	mem[1].node = 1;
	mem[1].size = 64ull << 30;
	r.mem_ptr = (uintptr_t)mem;
	r.nr_mem = 2;
	r.flags = ISLE_RESERVE_F_STRICT;
	sync();
	file_write("/proc/sys/vm/drop_caches", "3");
	world_look(&before);
	EXPECT_ERR(dev_call(fd, ISLE_IOC_RESERVE, &r), -ENOMEM);
	note("why: %s", dev_why(fd));
	EXPECT_THAT(strstr(dev_why(fd), "node 1"), "the sentence does not name the node: %s",
		    dev_why(fd));
	EXPECT_EQ(dev_info().reserved_mem, 0);
	world_expect(&before);
	dev_close(fd);
}

/* Best effort: as much as can be had, said in words, with the reason. */
TEST(best_effort_takes_what_there_is)
{
	struct isle_mem mem = { .node = 1, .size = 64ull << 30 };
	struct isle_reserve r;
	struct world before;
	uint64_t sum[2];
	int fd = dev_open();

	sync();
	file_write("/proc/sys/vm/drop_caches", "3");
	world_look(&before);
	memset(&r, 0, sizeof(r));
	r.mem_ptr = (uintptr_t)&mem;
	r.nr_mem = 1;
	ASSERT_ERR(dev_call(fd, ISLE_IOC_RESERVE, &r), 0);
	note("text: %s", r.text);
	note("got %llu MiB of %llu MiB free, in %.1f ms", (unsigned long long)mem.size >> 20,
	     (unsigned long long)before.free[1] >> 20, (double)r.memory_ns / 1e6);
	/* Most of what was free: the rest is what Linux keeps back for itself. */
	EXPECT_GE(mem.size, before.free[1] / 2);
	EXPECT_LE(mem.size, 64ull << 30);
	EXPECT_EQ(mem.size % ISLE_GRANULE_SIZE, 0);
	EXPECT_THAT(r.text[0], "nothing says what was got and why not more");
	extents_by_node(sum);
	EXPECT_EQ(sum[0], 0);
	EXPECT_EQ(sum[1], mem.size);
	EXPECT_EQ(dev_info().reserved_mem, mem.size);
	EXPECT_EQ(dev_info().free_mem, mem.size);
	EXPECT_ERR(dev_release(fd, NULL), 0);
	world_expect(&before);
	dev_close(fd);
}

/* Reserving more adds to what is there, and an isle gets memory of just the nodes it asked. */
TEST(reserve_grows_and_isles_cut_it_by_node)
{
	struct isle_create c;
	struct isle_stat st;
	int fd = dev_open(), isle;

	if (!places()->span[0])
		SKIP("the machine has fewer than two nodes with two CPUs");
	ASSERT_ERR(dev_reserve(fd, places()->far, 0, 64, ISLE_RESERVE_F_STRICT, NULL), 0);
	ASSERT_ERR(dev_reserve(fd, "", 128, 64, ISLE_RESERVE_F_STRICT, NULL), 0);
	EXPECT_EQ(dev_info().reserved_mem, 256 * MIB);
	isle = dev_open();
	ASSERT_ERR(dev_create(isle, places()->far, 32, 100, ISLE_CREATE_F_SPAN, &c), 0);
	ASSERT_ERR(dev_stat(c.isle_id, &st), 0);
	EXPECT_EQ(st.mem_node[0], 32 * MIB);
	EXPECT_EQ(st.mem_node[1], 100 * MIB);
	EXPECT_EQ(dev_info().free_mem, 124 * MIB);
	/* Back and in one piece, it is still not more than there is. */
	dev_close(isle);
	isle = dev_open();
	EXPECT_ERR(dev_create(isle, places()->far, 0, 130, 0, &c), -ENOMEM);
	EXPECT_THAT(strstr(dev_why(isle), "128"), "the sentence does not say how much there is: %s",
		    dev_why(isle));
	dev_close(isle);
	dev_close(fd);
}

int main(void)
{
	return check_main(&isle_hooks);
}
