// SPDX-License-Identifier: MIT
/*
 * report.c - takes a report of the isle: copies it, and believes nothing but what fits.
 */
#include "inner.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

static _Thread_local uint64_t copied;

uint64_t view_copied(void)
{
	return copied;
}

bool view_peek(void *to, uint64_t from, size_t len)
{
	struct iovec here = { to, len }, there = { (void *)(uintptr_t)from, len };
	ssize_t got = process_vm_readv(getpid(), &here, 1, &there, 1, 0);

	copied += got > 0 ? (uint64_t)got : 0;
	return got == (ssize_t)len;
}

bool view_poke(uint64_t to, void *from, size_t len)
{
	struct iovec here = { from, len }, there = { (void *)(uintptr_t)to, len };
	ssize_t put = process_vm_writev(getpid(), &here, 1, &there, 1, 0);

	copied += put > 0 ? (uint64_t)put : 0;
	return put == (ssize_t)len;
}

/* Numbers are small enough not to overflow once the sizes are compared one by one. */
static bool fits(const struct isle_report *report, size_t len)
{
	uint64_t size = sizeof(*report);

	if (report->nr_cpus > ISLE_MAX_CPUS || report->nr_threads > ISLE_MAX_SLOTS)
		return false;
	size += report->nr_cpus * sizeof(struct isle_report_cpu);
	size += report->nr_threads * sizeof(struct isle_report_thread);
	size += report->nr_regions * sizeof(struct isle_report_region);
	return report->size == len && size == len;
}

int view_report(struct view_scratch *scratch, const void *from, size_t len)
{
	struct isle_report *report;
	int err = 0;

	free(scratch->report);
	scratch->report = NULL;
	if (len < sizeof(*report) || len > ISLE_REPORT_MAX)
		return -EINVAL;
	report = malloc(len);
	if (!report)
		return -ENOMEM;
	if (!view_peek(report, (uint64_t)(uintptr_t)from, len))
		err = -EFAULT;
	else if (!fits(report, len))
		err = -EINVAL;
	if (err)
		free(report);
	else
		scratch->report = report;
	return err;
}

const struct isle_report_cpu *view_report_cpus(const struct isle_report *report)
{
	return (const struct isle_report_cpu *)(report + 1);
}

const struct isle_report_thread *view_report_threads(const struct isle_report *report)
{
	return (const struct isle_report_thread *)(view_report_cpus(report) + report->nr_cpus);
}

const struct isle_report_region *view_report_regions(const struct isle_report *report)
{
	return (const struct isle_report_region *)(view_report_threads(report) + report->nr_threads);
}

const struct isle_report_thread *view_report_thread(const struct isle_report *report, uint32_t tid)
{
	const struct isle_report_thread *thread = view_report_threads(report);
	uint32_t i;

	for (i = 0; i < report->nr_threads; i++)
		if (thread[i].tid == (tid ? tid : (uint32_t)getpid()))
			return &thread[i];
	return NULL;
}
