/* SPDX-License-Identifier: MIT */
/*
 * stats.c - islectl stats: the counters of abi/isle/counters.h, summed or core by core, interrupts by
 * vector, and what the module and the proxy counted of the channel between isle and Linux.
 */
#include "ctl.h"

#include <isle/boot.h>
#include <isle/counters.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static const struct {
	const char *name, *meaning;
} counters[] = {
#define ROW(id, name, meaning) { name, meaning },
	ISLE_COUNTER_LIST(ROW)
#undef ROW
};

static const struct {
	const char *name, *meaning;
	size_t at;
} channel[] = {
	{ "doorbells", "interrupts that the module received from the isle", offsetof(struct isle_stat, doorbells) },
	{ "rings", "interrupts that the module sent to the isle", offsetof(struct isle_stat, rings) },
	{ "calls", "calls that the proxy made", offsetof(struct isle_stat, calls) },
	{ "worker-waits", "times that one of its workers slept", offsetof(struct isle_stat, waits) },
	{ "worker-rings", "times that one rang the isle", offsetof(struct isle_stat, wakes) },
	{ "proxy-copied", "bytes of the program's memory that its workers copied themselves",
	  offsetof(struct isle_stat, copied) },
};

#define NR_CHANNEL (sizeof(channel) / sizeof(channel[0]))

static uint64_t channel_value(const struct isle_stat *stat, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)stat + channel[i].at);
}

static const char *vector_name(unsigned int vector)
{
	/* Intel SDM volume 3, table 6-1. */
	static const char *const exceptions[32] = {
		"divide error",
		"debug",
		"NMI",
		"breakpoint",
		"overflow",
		"bound",
		"invalid opcode",
		"no FPU",
		"double fault",
		"",
		"invalid TSS",
		"segment not present",
		"stack fault",
		"general protection",
		"page fault",
		"",
		"x87 error",
		"alignment check",
		"machine check",
		"SIMD error",
		"virtualization",
		"control protection",
	};

	switch (vector) {
	case ISLE_VECTOR_DOORBELL:
		return "doorbell from Linux";
	case ISLE_VECTOR_RESCHED:
		return "reschedule";
	case ISLE_VECTOR_CALL:
		return "cross-core call";
	case ISLE_VECTOR_TIMER:
		return "timer";
	case ISLE_VECTOR_PARK:
		return "park";
	case ISLE_VECTOR_SPURIOUS:
		return "spurious";
	default:
		return vector < 32 && exceptions[vector] ? exceptions[vector] : "";
	}
}

/* Word i of the page of every core: first the 256 vectors, then the named counters. */
static uint64_t sum(const struct isle_counters *rows, uint32_t nr, bool vector, unsigned int i)
{
	uint64_t total = 0;
	uint32_t row;

	for (row = 0; row < nr; row++)
		total += vector ? rows[row].vector[i] : rows[row].named[i];
	return total;
}

static void print_values(const struct isle_counters *rows, uint32_t nr, bool per_cpu, bool vector,
			 unsigned int i, const char *meaning)
{
	uint32_t row;

	printf(" %14llu", (unsigned long long)sum(rows, nr, vector, i));
	for (row = 0; per_cpu && row < nr; row++)
		printf(" %12llu",
		       (unsigned long long)(vector ? rows[row].vector[i] : rows[row].named[i]));
	printf("%s%s\n", per_cpu || !*meaning ? "" : "  ", per_cpu ? "" : meaning);
}

static void print_channel(const struct isle_stat *stat)
{
	size_t i;

	puts("\nby the module and the proxy");
	for (i = 0; i < NR_CHANNEL; i++)
		printf("%-18s %14llu  %s\n", channel[i].name, (unsigned long long)channel_value(stat, i),
		       channel[i].meaning);
}

static void print_stats(const struct isle_counters *rows, uint32_t nr, bool per_cpu)
{
	bool headed = false;
	unsigned int i;

	printf("%-18s %14s", "counter", "all cores");
	for (i = 0; per_cpu && i < nr; i++)
		printf(" %9s%-3u", "cpu", i);
	putchar('\n');
	for (i = 0; i < ISLE_NR_COUNTERS; i++) {
		printf("%-18s", counters[i].name);
		print_values(rows, nr, per_cpu, false, i, counters[i].meaning);
	}
	for (i = 0; i < 256; i++) {
		if (!sum(rows, nr, true, i))
			continue;
		if (!headed)
			puts("\nby vector");
		headed = true;
		printf("0x%02x%-14s", i, "");
		print_values(rows, nr, per_cpu, true, i, vector_name(i));
	}
}

static void json_vectors(struct json *json, const struct isle_counters *rows, uint32_t nr)
{
	char key[8];
	unsigned int i;

	json_object(json, "vectors");
	for (i = 0; i < 256; i++) {
		if (!sum(rows, nr, true, i))
			continue;
		snprintf(key, sizeof(key), "0x%02x", i);
		json_unsigned(json, key, sum(rows, nr, true, i));
	}
	json_object_end(json);
}

static void json_named(struct json *json, const struct isle_counters *rows, uint32_t nr)
{
	unsigned int i;

	json_object(json, "counters");
	for (i = 0; i < ISLE_NR_COUNTERS; i++)
		json_unsigned(json, counters[i].name, sum(rows, nr, false, i));
	json_object_end(json);
}

static void json_channel(struct json *json, const struct isle_stat *stat)
{
	size_t i;

	json_object(json, "channel");
	for (i = 0; i < NR_CHANNEL; i++)
		json_unsigned(json, channel[i].name, channel_value(stat, i));
	json_object_end(json);
}

static void json_stats(struct ctl *ctl, const struct isle_stat *stat, const struct isle_counters *rows,
		       uint32_t nr, bool per_cpu)
{
	struct json *json = &ctl->out;
	uint32_t row;

	json_begin(json, stdout, false);
	json_object(json, NULL);
	json_unsigned(json, "isle", stat->isle_id);
	json_unsigned(json, "cores", nr);
	json_named(json, rows, nr);
	json_vectors(json, rows, nr);
	json_channel(json, stat);
	if (per_cpu) {
		json_array(json, "per_cpu");
		for (row = 0; row < nr; row++) {
			json_object(json, NULL);
			json_unsigned(json, "cpu", row);
			json_named(json, &rows[row], 1);
			json_vectors(json, &rows[row], 1);
			json_object_end(json);
		}
		json_array_end(json);
	}
	json_object_end(json);
	json_end(json);
}

int stats_run(struct ctl *ctl, int argc, char **argv)
{
	bool per_cpu = false;
	const struct opt opts[] = {
		{ "per-cpu", 'p', OPT_FLAG, &per_cpu, NULL,
		  "a column for each core of the isle, by its row", 0, 0 },
		CTL_JSON(ctl),
		CTL_HELP(ctl),
	};
	struct isle_counters *rows = NULL;
	struct isle_stat stat;
	int status, err, nr;
	uint32_t isle, n;

	status = ctl_parse(ctl, opts, argc, argv, 1, &nr);
	if (status == CTL_GO)
		status = ctl_isle(ctl, argv[0], &isle);
	if (status == CTL_GO)
		status = ctl_open(ctl);
	if (status != CTL_GO)
		return status;
	err = dev_stat(&ctl->dev, isle, &stat);
	if (!err)
		err = dev_counters(&ctl->dev, isle, &rows, &n);
	if (err)
		return ctl_fail(ctl, err, &ctl->dev.why);
	if (ctl->json) {
		json_stats(ctl, &stat, rows, n, per_cpu);
	} else {
		print_stats(rows, n, per_cpu);
		print_channel(&stat);
	}
	free(rows);
	return CTL_OK;
}
