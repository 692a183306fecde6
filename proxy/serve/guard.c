// SPDX-License-Identifier: MIT
/*
 * guard.c - keeps the proxy's own descriptors out of the program's way.
 *
 * Descriptor numbers are the program's: what it opens gets the numbers it would get on Linux. So the proxy's own
 * (the device, kept files) are moved to the top of the descriptor table, and calls that would close or
 * replace them are answered as if nothing were there.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

static _Atomic uint8_t owned[GUARD_ROOM];
static int guard_base;    /* set by the first guard_take, before there are threads */
/* While the limit of descriptors is not the program's. */
static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;

static int base_choose(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	if (limit.rlim_cur < 2 * GUARD_ROOM)
		return -EMFILE;
	/* Not above 64 Ki, so that the kernel's table of descriptors stays small. */
	return (int)(limit.rlim_cur > 65536 ? 65536 : limit.rlim_cur) - GUARD_ROOM;
}

int guard_limit(const struct rlimit *wanted)
{
	struct rlimit limit;
	int err;

	pthread_mutex_lock(&limit_lock);
	err = getrlimit(RLIMIT_NOFILE, &limit) ? -errno : 0;
	limit.rlim_cur = wanted->rlim_cur;
	if (wanted->rlim_max > limit.rlim_max)
		limit.rlim_max = wanted->rlim_max;
	if (!err && setrlimit(RLIMIT_NOFILE, &limit))
		err = -errno;
	pthread_mutex_unlock(&limit_lock);
	return err;
}

/* -errno, as of fcntl. The program's limit may be below: then it is lifted for a moment. */
static int dup_high(int fd)
{
	struct rlimit limit, lifted;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, guard_base), err = errno;

	if (high >= 0 || (err != EINVAL && err != EMFILE))
		return high >= 0 ? high : -err;
	pthread_mutex_lock(&limit_lock);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)(guard_base + GUARD_ROOM)) {
		lifted = limit;
		lifted.rlim_cur = limit.rlim_max < (rlim_t)(guard_base + GUARD_ROOM) ? limit.rlim_max :
				  (rlim_t)(guard_base + GUARD_ROOM);
		setrlimit(RLIMIT_NOFILE, &lifted);
		high = fcntl(fd, F_DUPFD_CLOEXEC, guard_base);
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	pthread_mutex_unlock(&limit_lock);
	return high >= 0 ? high : -EMFILE;
}

int guard_dup(int fd)
{
	int high;

	if (!guard_base) {
		high = base_choose();
		if (high < 0)
			return high;
		guard_base = high;
	}
	high = dup_high(fd);
	if (high < 0)
		return high;
	if (high >= guard_base + GUARD_ROOM) {
		close(high);
		return -EMFILE;
	}
	owned[high - guard_base] = 1;
	return high;
}

int guard_take(int fd)
{
	int high = guard_dup(fd);

	if (high >= 0)
		close(fd);
	return high;
}

bool guard_owns(int fd)
{
	return guard_base && fd >= guard_base && fd < guard_base + GUARD_ROOM && owned[fd - guard_base];
}

void guard_drop(int fd)
{
	if (guard_owns(fd)) {
		owned[fd - guard_base] = 0;
		close(fd);
	}
}

int guard_first(void)
{
	return guard_base;
}
