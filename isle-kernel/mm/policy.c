// SPDX-License-Identifier: MIT
/*
 * policy.c - memory policies: what a program may ask for, and which node is asked first.
 *
 * The modes are Linux's (mm/mempolicy.c). Preferences fall back to any node; MPOL_BIND does not.
 */
#include <kern/policy.h>

#include <kern/errno.h>
#include <kern/frame.h>

/* The n-th of the nodes, counted on from the first behind the last. */
static uint32_t nth_node(uint64_t nodes, uint64_t n)
{
	uint64_t left;
	uint32_t nr = 0;

	for (left = nodes; left; left &= left - 1)
		nr++;
	for (n %= nr; n; n--)
		nodes &= nodes - 1;
	return (uint32_t)__builtin_ctzll(nodes);
}

/* Bit n of nodes means the n-th allowed node. */
static uint64_t relative_nodes(uint64_t nodes, uint64_t allowed)
{
	uint64_t real = 0;

	for (; nodes; nodes &= nodes - 1)
		real |= 1ull << nth_node(allowed, (uint64_t)__builtin_ctzll(nodes));
	return real;
}

int policy_make(struct policy *policy, uint32_t mode, uint64_t nodes, uint64_t allowed)
{
	uint32_t flags = mode & POLICY_FLAGS;

	mode &= ~POLICY_FLAGS;
	if (mode >= POLICY_MODES || (flags & POLICY_F_STATIC && flags & POLICY_F_RELATIVE) ||
	    (flags & POLICY_F_BALANCING && mode != POLICY_BIND))
		return -EINVAL;
	*policy = (struct policy){ .mode = (uint16_t)mode, .flags = (uint16_t)flags, .asked = nodes };
	if (mode == POLICY_DEFAULT || mode == POLICY_LOCAL || (mode == POLICY_PREFERRED && !nodes)) {
		if (nodes || (flags & (POLICY_F_STATIC | POLICY_F_RELATIVE)))
			return -EINVAL;
		if (mode == POLICY_PREFERRED)
			policy->mode = POLICY_LOCAL;
		return 0;
	}
	policy->nodes = flags & POLICY_F_RELATIVE ? relative_nodes(nodes, allowed) : nodes & allowed;
	if (mode == POLICY_PREFERRED)
		policy->nodes &= -policy->nodes;
	return policy->nodes ? 0 : -EINVAL;
}

bool policy_equal(const struct policy *a, const struct policy *b)
{
	return a->mode == b->mode && a->flags == b->flags && a->home == b->home && a->nodes == b->nodes &&
	       a->asked == b->asked;
}

static bool has(uint64_t nodes, uint32_t node)
{
	return nodes >> node & 1;
}

bool policy_fits(const struct policy *policy, uint32_t node)
{
	return !policy->nodes || has(policy->nodes, node);
}

uint32_t policy_node(const struct policy *policy, uint32_t here, uint64_t index)
{
	if (!policy->nodes)
		return here;
	if (policy->mode == POLICY_INTERLEAVE)
		return nth_node(policy->nodes, index);
	if (policy->home && has(policy->nodes, policy->home - 1))
		return policy->home - 1;
	return has(policy->nodes, here) ? here : nth_node(policy->nodes, 0);
}

isle_hpa_t policy_alloc(const struct policy *policy, uint32_t nr, uint32_t here, uint64_t index)
{
	uint32_t first = policy_node(policy, here, index), node;
	isle_hpa_t hpa;

	if (policy->mode != POLICY_BIND && policy->mode != POLICY_PREFERRED_MANY)
		return frame_alloc(nr, first, FRAME_USER);
	hpa = frame_alloc(nr, first, FRAME_USER | FRAME_THIS_NODE);
	for (node = 0; hpa == FRAME_NONE && node < ISLE_MAX_NODES; node++)
		if (has(policy->nodes, node) && node != first)
			hpa = frame_alloc(nr, node, FRAME_USER | FRAME_THIS_NODE);
	if (hpa == FRAME_NONE && policy->mode == POLICY_PREFERRED_MANY)
		hpa = frame_alloc(nr, here, FRAME_USER);
	return hpa;
}

uint64_t policy_allowed(void)
{
	uint64_t nodes = 0;
	uint32_t node;

	for (node = 0; node < ISLE_MAX_NODES; node++)
		if (frame_stats(node).frames)
			nodes |= 1ull << node;
	return nodes;
}
