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

int main(void)
{
	unsigned long node0 = 1, nodes[16] = { 0 };
	char *p = anon(4 * PAGE);
	int mode = -1;

	if (get_policy(&mode, NULL, 0) < 0 && errno == ENOSYS)
		skip("this kernel has no memory policies");
	equal(mode, MPOL_DEFAULT, "default");
	equal(syscall(SYS_set_mempolicy, MPOL_PREFERRED, &node0, 64), 0, "prefer node 0");
	equal(get_policy(&mode, NULL, 0), 0, "ask");
	equal(mode, MPOL_PREFERRED, "preferred");
	equal(syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0), 0, "back");
	equal(syscall(SYS_mbind, p, 4 * PAGE, MPOL_BIND, &node0, 64, 0), 0, "bind memory to node 0");
	p[0] = 1;
	equal(get_policy(&mode, p, MPOL_F_NODE | MPOL_F_ADDR), 0, "where it lies");
	equal(mode, 0, "on node 0");
	equal(syscall(SYS_get_mempolicy, NULL, nodes, 1024, NULL, MPOL_F_MEMS_ALLOWED), 0, "allowed nodes");
	check(nodes[0] & 1, "node 0 is allowed");
	fails(syscall(SYS_set_mempolicy, 99, NULL, 0), EINVAL, "unknown policy");
	fails(syscall(SYS_mbind, p + 1, PAGE, MPOL_DEFAULT, NULL, 0, 0), EINVAL, "unaligned");
	return done();
}
