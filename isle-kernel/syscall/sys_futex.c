// SPDX-License-Identifier: MIT
/*
 * sys_futex.c - futexes as system calls.
 *
 * A word in a shared mapping lies on Linux's pages, and Linux processes, or programs on other isles, may wait
 * for it: such a call is Linux's to make, unless it says that the word is private. Locks (the _PI calls) stay
 * here even then, since their words hold thread ids that Linux does not know: the threads of one program can
 * share such a lock, programs cannot wait for each other's.
 */
#include <kern/aspace.h>
#include <kern/calls.h>
#include <kern/chan.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/futex.h>
#include <kern/kmalloc.h>
#include <kern/process.h>
#include <kern/syscall.h>
#include <kern/uaccess.h>
#include <kern/waitq.h>

#define SYS_FUTEX        202u
#define SYS_FUTEX_WAITV  449u
#define PRIVATE          0x80u
#define REALTIME         0x100u

enum {
	WAIT = 0, WAKE, FD, REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_BITSET = 9,
	WAKE_BITSET, WAIT_REQUEUE_PI, CMP_REQUEUE_PI, LOCK_PI2,
};

static bool of_linux(isle_uva_t addr)
{
	return aspace_is_shared(process_current()->aspace, addr);
}

void futex_wake_anywhere(isle_uva_t addr, uint32_t n)
{
	const uint64_t arg[6] = { addr, WAKE, n };

	if (of_linux(addr))
		chan_call(SYS_FUTEX, arg, false, NULL);
	else
		futex_wake(addr, true, n, ~0u);
}

/* A time of the program as a deadline by time_ns. */
static int deadline_read(isle_uva_t at, bool absolute, bool realtime, uint64_t *deadline)
{
	int64_t time[2];
	uint64_t ns;

	*deadline = WAIT_FOREVER;
	if (!at)
		return 0;
	if (get_user(&time, at))
		return -EFAULT;
	if (time[0] < 0 || time[1] < 0 || time[1] >= 1000000000)
		return -EINVAL;
	ns = time[0] > 9000000000 ? ~0ull / 2 : (uint64_t)time[0] * 1000000000ull + (uint64_t)time[1];
	if (!absolute)
		ns += clock_monotonic_ns();
	*deadline = clock_to_time(ns, absolute && realtime);
	return 0;
}

/* Which calls a signal breaks off for good: futex(2), EINTR. */
static int64_t wait_result(int64_t err, bool again)
{
	return err != -EINTR ? err : again ? -ERESTARTSYS : -EINTR;
}

static int64_t wait_call(const uint64_t arg[6], bool shared, bool bitset, bool realtime)
{
	uint64_t deadline;
	int64_t err = deadline_read(arg[3], bitset, realtime, &deadline);

	if (err)
		return err;
	err = futex_wait(arg[0], shared, (uint32_t)arg[2], deadline, bitset ? (uint32_t)arg[5] : ~0u);
	return wait_result(err, bitset || deadline == WAIT_FOREVER);
}

/* LOCK_PI's deadline is always of the wall clock, LOCK_PI2's if the call says so. */
static int64_t lock_call(const uint64_t arg[6], bool shared, bool realtime)
{
	uint64_t deadline;
	int64_t err = deadline_read(arg[3], true, realtime, &deadline);

	if (err)
		return err;
	err = futex_lock(arg[0], shared, false, deadline);
	return err == -EINTR ? -ERESTARTNOINTR : err;
}

static int64_t wait_to_lock_call(const uint64_t arg[6], bool shared, bool realtime)
{
	uint64_t deadline;
	int64_t err = deadline_read(arg[3], true, realtime, &deadline);

	if (err)
		return err;
	err = futex_wait_to_lock(arg[0], shared, (uint32_t)arg[2], deadline, arg[4]);
	return err == -EINTR ? -ERESTARTNOINTR : err;
}

static bool waits(uint32_t command)
{
	return command == WAIT || command == WAIT_BITSET;
}

static bool has_second(uint32_t command)
{
	return command == REQUEUE || command == CMP_REQUEUE || command == WAKE_OP;
}

/* Linux's words. Both words of a call must be Linux's: a waiter cannot go from there to here. */
static int64_t linux_call(const uint64_t arg[6], uint32_t command)
{
	int64_t result;

	if (has_second(command) && !of_linux(arg[4]))
		return -EINVAL;
	if (waits(command) && arg[3])
		syscall_present(arg[3], 16);
	result = syscall_forward(SYS_FUTEX, arg);
	return command == WAIT && arg[3] && result == -ERESTARTSYS ? -EINTR : result;
}

static int64_t requeue_call(const uint64_t arg[6], bool shared, uint32_t command)
{
	uint32_t expected = (uint32_t)arg[5];

	if ((int32_t)arg[2] < 0 || (int32_t)arg[3] < 0)
		return -EINVAL;
	if (command != CMP_REQUEUE_PI)
		return futex_requeue(arg[0], arg[4], shared, (uint32_t)arg[2], (uint32_t)arg[3],
				     command == CMP_REQUEUE ? &expected : NULL);
	return arg[2] != 1 ? -EINVAL : futex_requeue_lock(arg[0], arg[4], shared, (uint32_t)arg[3], expected);
}

static int64_t own_call(const uint64_t arg[6], uint32_t command, bool shared, bool realtime)
{
	switch (command) {
	case WAIT:
	case WAIT_BITSET:
		return wait_call(arg, shared, command == WAIT_BITSET, realtime);
	case WAKE:
		/*
		 * A shared futex is known by its page, which must be there; a private one by its
		 * address alone.
		 */
		if (shared && !aspace_covers(process_current()->aspace, arg[0] & ~4095ull, 4096))
			return -EFAULT;
		return futex_wake(arg[0], shared, (uint32_t)arg[2], ~0u);
	case WAKE_BITSET:
		return futex_wake(arg[0], shared, (uint32_t)arg[2], (uint32_t)arg[5]);
	case REQUEUE:
	case CMP_REQUEUE:
	case CMP_REQUEUE_PI:
		return requeue_call(arg, shared, command);
	case WAKE_OP:
		return futex_wake_op(arg[0], arg[4], shared, (uint32_t)arg[2], (uint32_t)arg[3], (uint32_t)arg[5]);
	case LOCK_PI:
	case LOCK_PI2:
		return lock_call(arg, shared, realtime || command == LOCK_PI);
	case TRYLOCK_PI:
		return futex_lock(arg[0], shared, true, WAIT_FOREVER);
	case UNLOCK_PI:
		return futex_unlock(arg[0], shared);
	case WAIT_REQUEUE_PI:
		return wait_to_lock_call(arg, shared, realtime);
	default:
		return syscall_unknown(SYS_FUTEX);
	}
}

int64_t sys_futex(const uint64_t arg[6])
{
	uint32_t op = (uint32_t)arg[1], command = op & 0x7f;
	bool realtime = op & REALTIME, shared = !(op & PRIVATE);

	if (realtime && command != WAIT_BITSET && command != WAIT && command != WAIT_REQUEUE_PI &&
	    command != LOCK_PI2)
		return -ENOSYS;
	if (shared && (command <= WAKE_OP || command == WAIT_BITSET || command == WAKE_BITSET) && of_linux(arg[0]))
		return linux_call(arg, command);
	return own_call(arg, command, shared, realtime);
}

/* linux/futex.h */
struct futex_waitv { uint64_t value, addr; uint32_t flags, reserved; };

#define WAITV_MAX       128u
#define WAITV_SIZE_U32  2u

/* The program's list; *nr_linux: how many of its words are Linux's. */
static int waitv_read(isle_uva_t list, uint32_t nr, struct futex_wanted *wanted, uint32_t *nr_linux)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		struct futex_waitv entry;

		if (get_user(&entry, list + i * sizeof(entry)))
			return -EFAULT;
		if ((entry.flags & ~PRIVATE) != WAITV_SIZE_U32 || entry.reserved || (entry.addr & 3))
			return -EINVAL;
		wanted[i] = (struct futex_wanted){ entry.addr, (uint32_t)entry.value, !(entry.flags & PRIVATE) };
		*nr_linux += wanted[i].shared && of_linux(entry.addr);
	}
	return 0;
}

int64_t sys_futex_waitv(const uint64_t arg[6])
{
	uint32_t nr = (uint32_t)arg[1], nr_linux = 0;
	struct futex_wanted *wanted;
	uint64_t deadline;
	int64_t err;

	if (!nr || nr > WAITV_MAX || arg[2] || !arg[0] || (arg[4] & ~1ull))
		return -EINVAL;
	wanted = kzalloc(nr * sizeof(*wanted));
	if (!wanted)
		return -ENOMEM;
	err = waitv_read(arg[0], nr, wanted, &nr_linux);
	if (!err)
		err = deadline_read(arg[3], true, arg[4] == 0, &deadline);
	if (!err && nr_linux) {
		syscall_present(arg[0], nr * sizeof(struct futex_waitv));
		syscall_present(arg[3], 16);
		/* Nobody can wait in both worlds at once. */
		err = nr_linux == nr ? syscall_forward(SYS_FUTEX_WAITV, arg) : -EINVAL;
	} else if (!err) {
		err = wait_result(futex_wait_many(wanted, nr, deadline), true);
	}
	kfree(wanted);
	return err;
}
