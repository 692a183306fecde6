// SPDX-License-Identifier: MIT
/*
 * sys_info.c - what a program asks about the system, its limits and whom it runs as.
 */
#include <arch/cpu.h>
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/process.h>
#include <kern/random.h>
#include <kern/scratch.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define UTS_FIELD  65u

/* One line of /proc/sys/kernel, without its end. */
static void kernel_line(const char *path, char *to)
{
	char *end;

	if (scratch_read_file(path, to, UTS_FIELD) < 0)
		to[0] = '\0';
	end = strchr(to, '\n');
	if (end)
		*end = '\0';
}

int64_t sys_uname(const uint64_t arg[6])
{
	char name[6][UTS_FIELD] = { "Linux" };

	memset(name[1], 0, 5 * UTS_FIELD);
	kernel_line("/proc/sys/kernel/hostname", name[1]);
	kernel_line("/proc/sys/kernel/osrelease", name[2]);
	kernel_line("/proc/sys/kernel/version", name[3]);
	memcpy(name[4], "x86_64", 7);
	kernel_line("/proc/sys/kernel/domainname", name[5]);
	return put_user(&name, arg[0]);
}

struct sysinfo {
	int64_t uptime;
	uint64_t loads[3], total, free, shared, buffer, total_swap, free_swap;
	uint16_t procs, pad;
	uint32_t pad2;
	uint64_t total_high, free_high;
	uint32_t unit, pad3;
};

int64_t sys_sysinfo(const uint64_t arg[6])
{
	const struct frame_stats stats = frame_stats(ISLE_MAX_NODES);
	const struct sysinfo info = {
		.uptime = (int64_t)(clock_monotonic_ns() / 1000000000), .total = stats.frames * FRAME_SIZE,
		.free = stats.free * FRAME_SIZE, .procs = (uint16_t)process_current()->nr_threads, .unit = 1,
	};

	_Static_assert(sizeof(info) == 112, "struct sysinfo");
	return put_user(&info, arg[0]);
}

/* Limits that the isle enforces itself are its own; the others must be known to Linux too. */
static int64_t limit_change(uint32_t resource, const uint64_t limit[2])
{
	struct process *process = process_current();
	uint64_t arg[6] = { 0, resource };
	int64_t err;

	if (limit[0] > limit[1])
		return -EINVAL;
	if (limit[1] > process->rlimit[resource][1] && process->euid)
		return -EPERM;
	arg[2] = scratch_take(limit, 16);
	err = arg[2] ? scratch_call(302, arg, 0) : -ENOMEM;
	scratch_give_back();
	if (err)
		return err;
	spin_lock(&process->lock);
	process->rlimit[resource][0] = limit[0];
	process->rlimit[resource][1] = limit[1];
	spin_unlock(&process->lock);
	return 0;
}

static int64_t limit_call(uint64_t resource, isle_uva_t new, isle_uva_t old)
{
	struct process *process = process_current();
	uint64_t limit[2];

	if (resource >= ISLE_NR_RLIMITS)
		return -EINVAL;
	if (new && get_user(&limit, new))
		return -EFAULT;
	if (old && put_user(&process->rlimit[resource], old))
		return -EFAULT;
	return new ? limit_change((uint32_t)resource, limit) : 0;
}

int64_t sys_prlimit64(const uint64_t arg[6])
{
	if (arg[0] && (uint32_t)arg[0] != process_current()->pid)
		return -ESRCH;
	return limit_call((uint32_t)arg[1], arg[2], arg[3]);
}

int64_t sys_getrlimit(const uint64_t arg[6])
{
	return limit_call((uint32_t)arg[0], 0, arg[1]);
}

int64_t sys_setrlimit(const uint64_t arg[6])
{
	return arg[1] ? limit_call((uint32_t)arg[0], arg[1], 0) : -EFAULT;
}

int64_t sys_getrandom(const uint64_t arg[6])
{
	uint8_t part[64];
	uint64_t done = 0, size = arg[1] > 0x1ffffff ? 0x1ffffff : arg[1];

	if (arg[2] & ~7ull || (arg[2] & 6) == 6)
		return -EINVAL;
	while (done < size) {
		uint64_t n = size - done < sizeof(part) ? size - done : sizeof(part);

		random_fill(process_current(), part, n);
		if (copy_to_user(arg[0] + done, part, n))
			return done ? (int64_t)done : -EFAULT;
		done += n;
	}
	return (int64_t)done;
}

#define IDENTITY(call, field) \
	int64_t sys_##call(uint64_t a0, uint64_t a1, uint64_t a2) \
	{ \
		(void)a0, (void)a1, (void)a2; \
		return process_current()->field; \
	}
IDENTITY(getuid, uid)
IDENTITY(geteuid, euid)
IDENTITY(getgid, gid)
IDENTITY(getegid, egid)

/* Linux decides; what it then says is asked, because the rules about saved ids are its own. */
static int64_t identity_change(uint32_t nr, const uint64_t arg[6], uint32_t ask, uint32_t *real, uint32_t *effective)
{
	struct process *process = process_current();
	int64_t err = syscall_forward(nr, arg);
	uint64_t get[6] = { 0 };
	uint32_t ids[2];

	if (err)
		return err;
	get[0] = scratch_take(NULL, 0);
	get[1] = get[0] + 4;
	get[2] = get[0] + 8;
	err = scratch_call(ask, get, 12);
	if (!err)
		err = copy_from_user(ids, get[0], sizeof(ids));
	scratch_give_back();
	if (err)
		return err;
	spin_lock(&process->lock);
	*real = ids[0];
	*effective = ids[1];
	spin_unlock(&process->lock);
	return 0;
}

#define CHANGE(nr, call, ask, real, effective) \
	int64_t sys_##call(const uint64_t arg[6]) \
	{ \
		struct process *process = process_current(); \
\
		return identity_change(nr, arg, ask, &process->real, &process->effective); \
	}
CHANGE(105, setuid, 118, uid, euid)
CHANGE(106, setgid, 120, gid, egid)
CHANGE(113, setreuid, 118, uid, euid)
CHANGE(114, setregid, 120, gid, egid)
CHANGE(117, setresuid, 118, uid, euid)
CHANGE(119, setresgid, 120, gid, egid)
