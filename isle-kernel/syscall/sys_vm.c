// SPDX-License-Identifier: MIT
/*
 * sys_vm.c - process_vm_readv and process_vm_writev: on the program's own memory here, on another process's by
 * Linux. Another isle's program is its proxy to Linux, which has mapped what that program let a call see.
 */
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

enum { SYS_PROCESS_VM_READV = 310, SYS_PROCESS_VM_WRITEV = 311 };

#define IOV_MAX   1024u
#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)

struct user_iovec { isle_uva_t base; uint64_t len; };

/* Goes through an array of parts piece by piece. */
struct walk {
	isle_uva_t array;
	uint64_t left;               /* parts not begun */
	struct user_iovec part;      /* what is left of the current one */
};

/* Makes the current part one with something in it. False at the end; *err when the array cannot be read. */
static bool walk_on(struct walk *walk, int *err)
{
	while (!walk->part.len && walk->left) {
		if (get_user(&walk->part, walk->array)) {
			*err = -EFAULT;
			return false;
		}
		walk->array += sizeof(walk->part);
		walk->left--;
	}
	return walk->part.len;
}

static void walk_take(struct walk *walk, uint64_t n)
{
	walk->part.base += n;
	walk->part.len -= n;
}

static uint64_t in_page(isle_uva_t addr)
{
	return ISLE_PAGE_SIZE - (addr & PAGE_LOW);
}

/* Copies page by page, so that what could be copied before a fault is known. Bytes or -errno. */
static int64_t copy_own(struct walk *to, struct walk *from)
{
	uint64_t done = 0;
	int err = 0;

	while (walk_on(to, &err) && walk_on(from, &err)) {
		uint64_t n = to->part.len < from->part.len ? to->part.len : from->part.len;

		if (n > in_page(to->part.base))
			n = in_page(to->part.base);
		if (n > in_page(from->part.base))
			n = in_page(from->part.base);
		if (copy_in_user(to->part.base, from->part.base, n)) {
			err = -EFAULT;
			break;
		}
		walk_take(to, n);
		walk_take(from, n);
		done += n;
		ipi_poll();
	}
	return done ? (int64_t)done : err;
}

static void parts_present(isle_uva_t array, uint64_t nr)
{
	struct user_iovec part;
	uint64_t i;

	syscall_present(array, nr * sizeof(part));
	for (i = 0; i < nr && !get_user(&part, array + i * sizeof(part)); i++)
		syscall_present(part.base, part.len);
}

static int64_t vm_call(uint32_t nr, const uint64_t arg[6], bool write)
{
	struct walk local = { arg[1], arg[2], { 0, 0 } }, remote = { arg[3], arg[4], { 0, 0 } };

	if (arg[5] || arg[2] > IOV_MAX || arg[4] > IOV_MAX)
		return -EINVAL;
	if ((uint32_t)arg[0] == process_current()->pid || (uint32_t)arg[0] == thread_current()->tid)
		return write ? copy_own(&remote, &local) : copy_own(&local, &remote);
	parts_present(arg[1], arg[2]);
	syscall_present(arg[3], arg[4] * sizeof(struct user_iovec));
	return syscall_forward(nr, arg);
}

int64_t sys_process_vm_readv(const uint64_t arg[6])
{
	return vm_call(SYS_PROCESS_VM_READV, arg, false);
}

int64_t sys_process_vm_writev(const uint64_t arg[6])
{
	return vm_call(SYS_PROCESS_VM_WRITEV, arg, true);
}
