/* SPDX-License-Identifier: MIT */
/*
 * policy.h - from which node memory is taken: Linux's memory policies (set_mempolicy(2)).
 *
 * Nodes have Linux's numbers; an isle has those its memory lies on.
 */
#ifndef KERN_POLICY_H
#define KERN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

enum policy_mode {
	POLICY_DEFAULT, POLICY_PREFERRED, POLICY_BIND, POLICY_INTERLEAVE, POLICY_LOCAL, POLICY_PREFERRED_MANY,
	POLICY_MODES,
};

#define POLICY_F_STATIC     (1u << 15)
#define POLICY_F_RELATIVE   (1u << 14)
#define POLICY_F_BALANCING  (1u << 13)
#define POLICY_FLAGS        (POLICY_F_STATIC | POLICY_F_RELATIVE | POLICY_F_BALANCING)

struct policy {
	uint16_t mode;       /* enum policy_mode */
	uint16_t flags;      /* POLICY_F_* */
	uint32_t home;       /* node to begin with, plus 1; 0: the toucher's */
	uint64_t nodes;      /* that are the isle's, a bit a node */
	uint64_t asked;      /* as the program gave them */
};

/*
 * Makes a policy of what a program asks for: mode with flags, nodes, allowed: the isle's nodes. 0, or -EINVAL if that
 * is no policy or none of the nodes is allowed.
 */
int policy_make(struct policy *policy, uint32_t mode, uint64_t nodes, uint64_t allowed);
bool policy_equal(const struct policy *a, const struct policy *b);
/* Whether a page on this node is where the policy wants it. */
bool policy_fits(const struct policy *policy, uint32_t node);
/*
 * The node that the index-th page of interleaved memory goes to; for other modes the first to try. here: the node of
 * who touches the page.
 */
uint32_t policy_node(const struct policy *policy, uint32_t here, uint64_t index);
/* As frame_alloc, for the program, as the policy says. FRAME_NONE if the nodes that it allows have nothing. */
isle_hpa_t policy_alloc(const struct policy *policy, uint32_t nr, uint32_t here, uint64_t index);

/* The isle's nodes: those with memory. */
uint64_t policy_allowed(void);

#endif
