// SPDX-License-Identifier: MIT
/*
 * sys_policy.c - memory policies and the nodes of pages, as libnuma and hwloc ask: mbind(2), set_mempolicy(2),
 * get_mempolicy(2), set_mempolicy_home_node(2), move_pages(2), migrate_pages(2).
 *
 * A program sees its isle's nodes by their Linux numbers, and no others. Linux's pages (shared mappings) follow the
 * policies that Linux keeps for them: calls about these are Linux's.
 */
#include <kern/aspace.h>
#include <kern/calls.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define PAGE_LOW       (ISLE_PAGE_SIZE - 1)
#define MASK_BITS_MAX  (ISLE_PAGE_SIZE * 8)

enum { SYS_MBIND = 237, SYS_GET_MEMPOLICY = 239, SYS_MIGRATE_PAGES = 256, SYS_MOVE_PAGES = 279 };
enum { F_NODE = 1, F_ADDR = 2, F_MEMS_ALLOWED = 4 };
enum { MF_STRICT = 1, MF_MOVE = 2, MF_MOVE_ALL = 4 };

static struct aspace *mine(void)
{
	return process_current()->aspace;
}

/* A set of nodes as Linux takes it: maxnode is one more than the bits it has. */
static int nodes_read(isle_uva_t at, uint64_t maxnode, uint64_t *nodes)
{
	uint64_t bits = maxnode - 1, i;

	*nodes = 0;
	if (!bits || !at)
		return 0;
	if (bits > MASK_BITS_MAX)
		return -EINVAL;
	for (i = 0; i < bits; i += 64) {
		uint64_t word;

		if (get_user(&word, at + i / 8))
			return -EFAULT;
		if (bits - i < 64)
			word &= (1ull << (bits - i)) - 1;
		if (i && word)
			return -EINVAL;
		*nodes |= word;
	}
	return 0;
}

static int nodes_write(isle_uva_t at, uint64_t maxnode, uint64_t nodes)
{
	uint64_t bytes = (maxnode - 1 + 63) / 64 * 8;

	if (64 - (uint32_t)__builtin_clzll(policy_allowed() | 1) > maxnode || bytes > ISLE_PAGE_SIZE)
		return -EINVAL;
	if (bytes > sizeof(nodes) && clear_user(at + sizeof(nodes), bytes - sizeof(nodes)))
		return -EFAULT;
	return copy_to_user(at, &nodes, bytes < sizeof(nodes) ? bytes : sizeof(nodes)) ? -EFAULT : 0;
}

int64_t sys_set_mempolicy(const uint64_t arg[6])
{
	struct policy policy;
	uint64_t nodes;
	int err = nodes_read(arg[1], arg[2], &nodes);

	if (!err)
		err = policy_make(&policy, (uint32_t)arg[0], nodes, policy_allowed());
	if (!err)
		thread_current()->policy = policy;
	return err;
}

/* A range as mbind has it. 0, -EINVAL; 1: empty. */
static int range_read(uint64_t start, uint64_t len, isle_uva_t *end)
{
	uint64_t size = (len + PAGE_LOW) & ~PAGE_LOW;

	if ((start & PAGE_LOW) || size < len || start + size < start)
		return -EINVAL;
	*end = start + size;
	if (!size)
		return 1;
	return *end > ISLE_USER_TOP ? -EFAULT : 0;
}

int64_t sys_mbind(const uint64_t arg[6])
{
	struct policy policy;
	uint64_t nodes;
	isle_uva_t end;
	int err;

	if (arg[5] & ~(uint64_t)(MF_STRICT | MF_MOVE | MF_MOVE_ALL))
		return -EINVAL;
	if ((arg[5] & MF_MOVE_ALL) && process_current()->euid)
		return -EPERM;
	err = range_read(arg[0], arg[1], &end);
	if (err < 0)
		return err;
	if (!err)
		err = nodes_read(arg[3], arg[4], &nodes);
	if (!err)
		err = policy_make(&policy, (uint32_t)arg[2], nodes, policy_allowed());
	if (err)
		return err > 0 ? 0 : err;
	if (aspace_has_shared(mine(), arg[0], end - arg[0])) {
		syscall_present(arg[3], arg[4] < MASK_BITS_MAX ? arg[4] / 8 + 8 : 0);
		return syscall_forward(SYS_MBIND, arg);
	}
	err = aspace_policy_set(mine(), arg[0], end, &policy);
	if (err || !(arg[5] & (MF_STRICT | MF_MOVE | MF_MOVE_ALL)) || policy.mode == POLICY_DEFAULT)
		return err;
	nodes = aspace_pages_place(mine(), arg[0], end, ~0ull, &policy, arg[5] & (MF_MOVE | MF_MOVE_ALL));
	return nodes && (arg[5] & MF_STRICT) ? -EIO : 0;
}

int64_t sys_set_mempolicy_home_node(const uint64_t arg[6])
{
	isle_uva_t end;
	int err;

	if (arg[3] || arg[2] >= ISLE_MAX_NODES || !(policy_allowed() >> arg[2] & 1))
		return -EINVAL;
	err = range_read(arg[0], arg[1], &end);
	if (err)
		return err > 0 ? 0 : err;
	return aspace_policy_home(mine(), arg[0], end, (uint32_t)arg[2]);
}

/* The node of the page at addr, which is filled for it. */
static int node_at(isle_uva_t addr)
{
	int err = aspace_populate(mine(), addr, 1, ACCESS_READ);

	return err ? -EFAULT : aspace_page_node(mine(), addr);
}

static int policy_asked(const uint64_t arg[6], struct policy *policy)
{
	if (arg[4] & F_ADDR)
		return aspace_policy_get(mine(), arg[3], policy);
	if (arg[3])
		return -EINVAL;
	*policy = thread_current()->policy;
	return 0;
}

/* What get_mempolicy writes to its first argument: a mode with flags, or a node. */
static int mode_asked(const uint64_t arg[6], const struct policy *policy)
{
	if (!(arg[4] & F_NODE))
		return policy->mode | policy->flags;
	if (arg[4] & F_ADDR)
		return node_at(arg[3]);
	if (policy->mode != POLICY_INTERLEAVE)
		return -EINVAL;
	return (int)policy_node(policy, this_cpu()->node, thread_current()->policy_next);
}

int64_t sys_get_mempolicy(const uint64_t arg[6])
{
	struct policy policy = { .nodes = policy_allowed() };
	uint64_t nodes;
	int mode = 0, err;

	if (arg[4] & ~(uint64_t)(F_NODE | F_ADDR | F_MEMS_ALLOWED) ||
	    ((arg[4] & F_MEMS_ALLOWED) && (arg[4] & (F_NODE | F_ADDR))))
		return -EINVAL;
	if ((arg[4] & F_ADDR) && arg[3] < ISLE_USER_TOP && aspace_is_shared(mine(), arg[3])) {
		syscall_present(arg[0], sizeof(mode));
		syscall_present(arg[1], arg[2] < MASK_BITS_MAX ? arg[2] / 8 + 8 : 0);
		return syscall_forward(SYS_GET_MEMPOLICY, arg);
	}
	if (!(arg[4] & F_MEMS_ALLOWED)) {
		err = policy_asked(arg, &policy);
		if (err)
			return err;
		mode = mode_asked(arg, &policy);
		if (mode < 0)
			return mode;
	}
	nodes = policy.flags & (POLICY_F_STATIC | POLICY_F_RELATIVE) ? policy.asked : policy.nodes;
	if (arg[0] && put_user(&mode, arg[0]))
		return -EFAULT;
	return arg[1] ? nodes_write(arg[1], arg[2], nodes) : 0;
}

/* Linux's page: Linux knows. */
static int linux_node_at(isle_uva_t addr)
{
	uint64_t arg[6] = { 0, 1 };
	int32_t node = -ENOENT;
	int64_t err;

	arg[2] = scratch_take(&addr, sizeof(addr));
	arg[4] = arg[2] + sizeof(addr);
	err = arg[2] ? scratch_call(SYS_MOVE_PAGES, arg, sizeof(addr) + sizeof(node)) : -ENOMEM;
	if (!err && get_user(&node, arg[4]))
		node = -EFAULT;
	scratch_give_back();
	return err ? (int)err : node;
}

/* One page of move_pages: its status. */
static int one_move(isle_uva_t addr, bool move, int32_t node)
{
	int at = move ? aspace_page_move(mine(), addr, (uint32_t)node) : aspace_page_node(mine(), addr);

	if (at != -EOPNOTSUPP)
		return at;
	/* A pinned page stays where it is. */
	at = linux_node_at(addr);
	return move && at != node ? -EBUSY : at;
}

int64_t sys_move_pages(const uint64_t arg[6])
{
	uint64_t i, allowed = policy_allowed();

	if (arg[5] & ~(uint64_t)(MF_MOVE | MF_MOVE_ALL))
		return -EINVAL;
	if ((arg[5] & MF_MOVE_ALL) && process_current()->euid)
		return -EPERM;
	if ((uint32_t)arg[0] && (uint32_t)arg[0] != process_current()->pid) {
		syscall_present(arg[2], arg[1] * 8);
		syscall_present(arg[3], arg[1] * 4);
		syscall_present(arg[4], arg[1] * 4);
		return syscall_forward(SYS_MOVE_PAGES, arg);
	}
	for (i = 0; i < arg[1]; i++) {
		int32_t node = 0, status;
		isle_uva_t addr;

		if (get_user(&addr, arg[2] + i * 8) || (arg[3] && get_user(&node, arg[3] + i * 4)))
			return -EFAULT;
		if (node < 0 || node >= ISLE_MAX_NODES)
			return -ENODEV;
		if (arg[3] && !(allowed >> node & 1))
			return -EACCES;
		status = one_move(addr, arg[3] != 0, node);
		if (put_user(&status, arg[4] + i * 4))
			return -EFAULT;
		ipi_poll();
	}
	return 0;
}

int64_t sys_migrate_pages(const uint64_t arg[6])
{
	struct policy policy;
	uint64_t from, to;
	int err = nodes_read(arg[2], arg[1], &from);

	if (!err)
		err = nodes_read(arg[3], arg[1], &to);
	if (err)
		return err;
	if ((uint32_t)arg[0] && (uint32_t)arg[0] != process_current()->pid) {
		syscall_present(arg[2], arg[1] / 8 + 8);
		syscall_present(arg[3], arg[1] / 8 + 8);
		return syscall_forward(SYS_MIGRATE_PAGES, arg);
	}
	if (policy_make(&policy, POLICY_BIND, to, policy_allowed()))
		return -EINVAL;
	return (int64_t)aspace_pages_place(mine(), ISLE_USER_BOTTOM, mine()->mmap_top, from, &policy, true);
}
