/* SPDX-License-Identifier: MIT */
/*
 * mempolicy - the memory policy calls accept what libnuma and hwloc ask of a machine with at least one
 * node. Catches ENOSYS, and policies that are forgotten.
 */
#include "conform.h"
#include <linux/mempolicy.h>

static long get_policy(int *mode, void *addr, unsigned long flags)
{
	return syscall(SYS_get_mempolicy, mode, NULL, 0, addr, flags);
}

static void pages(char *p, int node)
{
	void *page[3] = { p, p + PAGE, p + 3 * PAGE };
	int status[3] = { -1, -1, -1 }, to[3] = { node, node, node };

	p[PAGE] = 1;
	equal(syscall(SYS_move_pages, 0, 3, page, NULL, status, 0), 0, "ask where pages lie");
	check(status[0] == node && status[1] == node, "on the node");
	check(status[2] == -ENOENT || status[2] == -EFAULT, "one that nobody has touched");
	equal(syscall(SYS_move_pages, 0, 2, page, to, status, MPOL_MF_MOVE), 0, "move to where they are");
	check(status[0] == node && p[0] == 1, "still there");
	to[0] = 63;
	check(syscall(SYS_move_pages, 0, 1, page, to, status, MPOL_MF_MOVE) < 0, "a node that is not there");
}

int main(void)
{
	unsigned long allowed[16] = { 0 }, first, nodes[16] = { 0 };
	char *p = anon(4 * PAGE);
	int mode = -1, node;

	madvise(p, 4 * PAGE, MADV_NOHUGEPAGE);
	if (get_policy(&mode, NULL, 0) < 0 && errno == ENOSYS)
		skip("this kernel has no memory policies");
	equal(mode, MPOL_DEFAULT, "default");
	equal(syscall(SYS_get_mempolicy, NULL, allowed, 1024, NULL, MPOL_F_MEMS_ALLOWED), 0, "allowed nodes");
	check(allowed[0], "there is one");
	node = __builtin_ctzl(allowed[0]);
	first = 1ul << node;
	equal(syscall(SYS_set_mempolicy, MPOL_PREFERRED, &first, 64), 0, "prefer the first");
	equal(syscall(SYS_get_mempolicy, &mode, nodes, 1024, NULL, 0), 0, "ask");
	check(mode == MPOL_PREFERRED && nodes[0] == first, "preferred");
	equal(syscall(SYS_set_mempolicy, MPOL_INTERLEAVE, allowed, 64), 0, "interleave");
	equal(get_policy(&mode, NULL, MPOL_F_NODE), 0, "ask for the next node");
	check(allowed[0] >> mode & 1, "one of them");
	equal(syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0), 0, "back");
	equal(syscall(SYS_mbind, p, 4 * PAGE, MPOL_BIND, &first, 64, 0), 0, "bind memory");
	p[0] = 1;
	equal(get_policy(&mode, p, MPOL_F_ADDR), 0, "its policy");
	equal(mode, MPOL_BIND, "is bind");
	equal(get_policy(&mode, p, MPOL_F_NODE | MPOL_F_ADDR), 0, "where it lies");
	check(mode == node, "on that node");
	pages(p, node);
	fails(syscall(SYS_set_mempolicy, 99, NULL, 0), EINVAL, "unknown policy");
	fails(syscall(SYS_set_mempolicy, MPOL_BIND, NULL, 0), EINVAL, "bind to nothing");
	fails(syscall(SYS_mbind, p + 1, PAGE, MPOL_DEFAULT, NULL, 0, 0), EINVAL, "unaligned");
	return done();
}
