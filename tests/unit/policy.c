// SPDX-License-Identifier: MIT
/*
 * policy.c - memory policies on a machine with nodes 0 and 3.
 *
 * Breakages it catches: modes and flags that are no policy; nodes that are not the isle's; a bound policy that falls
 * back to another node, a preference that does not; interleaving that leaves a node out.
 */
#include "unit.h"

#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/policy.h>

#define MIB    (1ull << 20)
#define NODES  (1ull << 0 | 1ull << 3)

static void machine(void)
{
	struct isle_extent list[] = {
		{ .hpa = 64 * MIB, .size = 32 * MIB, .node = 0 },
		{ .hpa = 128 * MIB, .size = 32 * MIB, .node = 3 },
	};

	host_start(list, 2);
}

static struct policy policy(uint32_t mode, uint64_t nodes)
{
	struct policy policy;

	EXPECT_EQ(policy_make(&policy, mode, nodes, NODES), 0);
	return policy;
}

/* The node of a frame that this policy gives; -1: none. */
static int taken_from(const struct policy *policy, uint32_t here, uint64_t index)
{
	isle_hpa_t hpa = policy_alloc(policy, 1, here, index);

	return hpa == FRAME_NONE ? -1 : (int)extents.list[extent_of_hpa(hpa)].node;
}

TEST(only_policies_are_made)
{
	struct policy p;

	machine();
	EXPECT_EQ(policy_allowed(), NODES);
	EXPECT_EQ(policy_make(&p, POLICY_MODES, 0, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_DEFAULT, 1, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_LOCAL, 1, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_BIND, 0, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_BIND, 1ull << 1, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_BIND | POLICY_F_STATIC | POLICY_F_RELATIVE, 1, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_PREFERRED | POLICY_F_STATIC, 0, NODES), -EINVAL);
	EXPECT_EQ(policy_make(&p, POLICY_INTERLEAVE | POLICY_F_BALANCING, 1, NODES), -EINVAL);
	p = policy(POLICY_BIND, ~0ull);
	EXPECT_EQ(p.nodes, NODES);
	p = policy(POLICY_PREFERRED, 0);
	EXPECT_EQ(p.mode, POLICY_LOCAL);
	p = policy(POLICY_PREFERRED, NODES);
	EXPECT_EQ(p.nodes, 1);
	/* The second of the isle's nodes, and the one behind the last, which is the first. */
	p = policy(POLICY_BIND | POLICY_F_RELATIVE, 1ull << 1);
	EXPECT_EQ(p.nodes, 1ull << 3);
	p = policy(POLICY_BIND | POLICY_F_RELATIVE, 1ull << 2);
	EXPECT_EQ(p.nodes, 1);
}

TEST(bound_memory_comes_from_its_nodes_only)
{
	struct policy p;
	int node;

	machine();
	p = policy(POLICY_BIND, 1ull << 3);
	while ((node = taken_from(&p, 0, 0)) >= 0)
		if (!EXPECT_EQ(node, 3))
			break;
	EXPECT(frame_stats(0).free > 0);
}

TEST(preferences_fall_back)
{
	struct policy one, many, bound;
	uint64_t frames;

	machine();
	one = policy(POLICY_PREFERRED, 1ull << 3);
	many = policy(POLICY_PREFERRED_MANY, 1ull << 3);
	bound = policy(POLICY_BIND, 1ull << 3);
	EXPECT_EQ(taken_from(&one, 0, 0), 3);
	EXPECT_EQ(taken_from(&many, 0, 0), 3);
	for (frames = 0; taken_from(&bound, 3, 0) >= 0; frames++)
		;
	EXPECT(frames > 0);
	EXPECT_EQ(taken_from(&one, 3, 0), 0);
	EXPECT_EQ(taken_from(&many, 3, 0), 0);
}

TEST(interleaved_memory_takes_turns)
{
	struct policy p;
	uint64_t i;

	machine();
	p = policy(POLICY_INTERLEAVE, NODES);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(taken_from(&p, 0, i), i % 2 ? 3 : 0);
}

TEST(the_home_node_comes_first)
{
	struct policy p;

	machine();
	p = policy(POLICY_BIND, NODES);
	EXPECT_EQ(policy_node(&p, 3, 0), 3);
	EXPECT_EQ(policy_node(&p, 1, 0), 0);
	p.home = 3 + 1;
	EXPECT_EQ(policy_node(&p, 0, 0), 3);
	EXPECT(policy_fits(&p, 0) && !policy_fits(&p, 1));
}

int main(void)
{
	return check_main(NULL);
}
