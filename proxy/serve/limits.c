// SPDX-License-Identifier: MIT
/*
 * limits.c - limits of the program that would bind the proxy.
 *
 * Linux must know the program's limits: the proxy makes its calls, its children inherit them. But the proxy has
 * addresses and descriptors of its own besides. So limits of addresses and data, which the isle enforces, are not set
 * here, and of the number of descriptors only the soft one, which the proxy can lift (guard.c). Children have all of
 * them from the beginning (spawn.c).
 */
#include "serve.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

static const uint32_t resources[LIMITS] = { RLIMIT_AS, RLIMIT_DATA, RLIMIT_NOFILE };

bool limits_call(struct server *server, const uint64_t arg[6], int64_t *result)
{
	struct rlimit limit;
	struct iovec here = { &limit, sizeof(limit) }, there = { (void *)(uintptr_t)arg[2], sizeof(limit) };
	uint32_t i = 0;

	while (i < LIMITS && resources[i] != (uint32_t)arg[1])
		i++;
	/* Only setting one's own; the isle knows what it was. */
	if (i == LIMITS || arg[0] || !arg[2] || arg[3])
		return false;
	*result = -EFAULT;
	if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != (ssize_t)sizeof(limit))
		return true;
	pthread_mutex_lock(&server->limits_lock);
	*result = resources[i] == RLIMIT_NOFILE ? guard_limit(&limit) : 0;
	if (*result == 0) {
		server->limits.limit[i] = limit;
		server->limits.set |= 1u << i;
	}
	pthread_mutex_unlock(&server->limits_lock);
	return true;
}

void limits_read(struct server *server, struct limits *limits)
{
	pthread_mutex_lock(&server->limits_lock);
	*limits = server->limits;
	pthread_mutex_unlock(&server->limits_lock);
}

uint32_t limits_resource(uint32_t i)
{
	return resources[i];
}
