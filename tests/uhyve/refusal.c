// SPDX-License-Identifier: MIT
/*
 * refusal.c - a KVM that refuses, put before the monitor by LD_PRELOAD:
 *
 *     KVM_REFUSES=N      the N-th request of the start (from 1) fails with EPERM; 0: none
 *     KVM_REFUSES=run    the first run of a virtual CPU does
 *     KVM_MAX_VCPUS=N    what KVM says it allows a machine
 *     KVM_COUNT=FILE     gets the number of requests of the start
 *
 * The start is all before the first KVM_RUN. Questions (KVM_CHECK_EXTENSION) are not counted: an answer of "no" is an
 * older KVM, not a failure.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long requests, runs;

static void count_write(void)
{
	const char *path = getenv("KVM_COUNT");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (file) {
		fprintf(file, "%lu\n", requests);
		fclose(file);
	}
}

static int refused(unsigned long request)
{
	const char *which = getenv("KVM_REFUSES");

	if (request == KVM_RUN && __atomic_fetch_add(&runs, 1, __ATOMIC_RELAXED) == 0) {
		count_write();
		return which && !strcmp(which, "run");
	}
	if (request == KVM_RUN || _IOC_TYPE(request) != KVMIO || __atomic_load_n(&runs, __ATOMIC_RELAXED))
		return 0;
	return __atomic_add_fetch(&requests, 1, __ATOMIC_RELAXED) == (which ? strtoul(which, NULL, 10) : 0);
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*next)(int fd, unsigned long request, ...);
	const char *most = getenv("KVM_MAX_VCPUS");
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "ioctl");
	if (request == KVM_CHECK_EXTENSION)
		return most && arg == (void *)KVM_CAP_MAX_VCPUS ? atoi(most) : next(fd, request, arg);
	if (refused(request)) {
		errno = EPERM;
		return -1;
	}
	return next(fd, request, arg);
}
