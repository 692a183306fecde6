/* SPDX-License-Identifier: MIT */
/*
 * mempolicy-nodes - memory bound to each node in turn lies there, and goes to another node and back with its
 * contents when it is asked to. Catches policies that are stored and not obeyed. With one node little is left of it.
 */
#include "conform.h"
#include <linux/mempolicy.h>

#define SIZE  (2 * MIB + 16 * PAGE)

static int node_of(void *addr)
{
	int status = -1;

	must((int)syscall(SYS_move_pages, 0, 1, &addr, NULL, &status, 0));
	return status;
}

/* Pages of p that are not on the node. */
static int elsewhere(char *p, int node)
{
	size_t at;
	int bad = 0;

	for (at = 0; at < SIZE; at += PAGE)
		bad += node_of(p + at) != node;
	return bad;
}

int main(void)
{
	unsigned long allowed[16] = { 0 }, left;
	int bad = 0, moved_bad = 0, changed = 0;
	char *p;
	size_t at;

	if (syscall(SYS_get_mempolicy, NULL, allowed, 1024, NULL, MPOL_F_MEMS_ALLOWED) < 0)
		skip("this kernel has no memory policies");
	for (left = allowed[0]; left; left &= left - 1) {
		unsigned long node = left & -left;

		p = anon(SIZE);
		must((int)syscall(SYS_mbind, p, SIZE, MPOL_BIND, &node, 64, 0));
		for (at = 0; at < SIZE; at += PAGE)
			p[at] = (char)(at / PAGE);
		bad += elsewhere(p, __builtin_ctzl(node));
		/* To the last node and back to the first, by both calls that can. */
		must((int)syscall(SYS_mbind, p, SIZE, MPOL_DEFAULT, NULL, 0, 0));
		node = 1ul << (63 - __builtin_clzl(allowed[0]));
		must((int)syscall(SYS_mbind, p, SIZE, MPOL_BIND, &node, 64, MPOL_MF_MOVE | MPOL_MF_STRICT));
		moved_bad += elsewhere(p, __builtin_ctzl(node));
		must((int)syscall(SYS_mbind, p, SIZE, MPOL_DEFAULT, NULL, 0, 0));
		for (at = 0; at < SIZE; at += PAGE) {
			void *page = p + at;
			int to = __builtin_ctzl(allowed[0]), status = -1;

			must((int)syscall(SYS_move_pages, 0, 1, &page, &to, &status, MPOL_MF_MOVE));
			moved_bad += status != to;
		}
		for (at = 0; at < SIZE; at += PAGE)
			changed += p[at] != (char)(at / PAGE);
		must(munmap(p, SIZE));
	}
	equal(bad, 0, "pages of bound memory elsewhere");
	equal(moved_bad, 0, "pages that were not moved");
	equal(changed, 0, "pages that changed");
	return done();
}
