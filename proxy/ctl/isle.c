/* SPDX-License-Identifier: MIT */
/*
 * isle.c - islectl status ISLE: everything about one isle.
 */
#include "ctl.h"

#include "cpuset.h"
#include "size.h"

#include <isle/boot.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static const char *kernel_name(uint32_t state)
{
	static const char *const names[] = {
		[ISLE_STATE_NONE] = "not started",
		[ISLE_STATE_BOOTING] = "booting its first core",
		[ISLE_STATE_BOOTING_CPUS] = "booting its other cores",
		[ISLE_STATE_UP] = "up",
		[ISLE_STATE_STOPPED] = "stopped",
		[ISLE_STATE_PANICKED] = "panicked",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

static void print_end(const struct isle_stat *stat)
{
	const char *name;

	if (stat->life == ISLE_LIFE_STOPPED && WIFEXITED(stat->exit_code))
		printf("exit      status %d\n", WEXITSTATUS(stat->exit_code));
	else if (stat->life == ISLE_LIFE_STOPPED && WIFSIGNALED(stat->exit_code)) {
		name = sigabbrev_np(WTERMSIG(stat->exit_code));
		printf("exit      signal %d (%s)\n", WTERMSIG(stat->exit_code), name ? name : "?");
	}
	if (stat->why[0])
		printf("end       %s\n", stat->why);
	if (stat->reaped)
		puts("remains   log and counters only; CPUs and memory are back in the reserve");
}

/*
 * Ticks from the isle's first instruction to a later moment, as milliseconds; negative if it has
 * not come.
 */
static double since_entry_ms(const struct ctl *ctl, const struct isle_stat *stat, uint64_t tsc)
{
	if (!ctl->dev.info.tsc_khz || !stat->entry_tsc || tsc < stat->entry_tsc)
		return -1;
	return (double)(tsc - stat->entry_tsc) / (double)ctl->dev.info.tsc_khz;
}

static void print_isle(const struct ctl *ctl, const struct isle_stat *stat)
{
	char cpus[CPUSET_TEXT], size[SIZE_TEXT], when[64] = "?";
	time_t seconds = (time_t)(stat->created_ns / 1000000000u);
	struct tm tm;
	double ms;
	unsigned int i;

	printf("isle      %u\n", stat->isle_id);
	printf("state     %s; its kernel is %s\n", life_name(stat->life),
	       kernel_name(stat->kernel_state));
	printf("CPUs      %s (%u)\n", cpuset_print(&stat->cpus, cpus, sizeof(cpus)), stat->nr_cpus);
	printf("memory    %s:", size_print(stat->mem_size, size));
	for (i = 0; i < ISLE_MAX_NODES; i++)
		if (stat->mem_node[i])
			printf(" %s of node %u", size_print(stat->mem_node[i], size), i);
	putchar('\n');
	if (stat->owner_pid)
		printf("owner     process %u, user %u\n", stat->owner_pid, stat->owner_uid);
	else
		printf("owner     gone, was user %u\n", stat->owner_uid);
	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	printf("created   %s\n", when);
	ms = since_entry_ms(ctl, stat, stat->up_tsc);
	if (ms >= 0)
		printf("boot      first line of its log after %.3f ms, up after %.3f ms\n",
		       since_entry_ms(ctl, stat, stat->first_log_tsc), ms);
	printf("log       %llu bytes; `islectl log %u' prints it\n",
	       (unsigned long long)stat->log_end, stat->isle_id);
	printf("doorbells %llu rung to Linux\n", (unsigned long long)stat->doorbells);
	print_end(stat);
}

int isle_show(struct ctl *ctl, uint32_t isle)
{
	struct isle_stat stat;
	int err;

	err = dev_stat(&ctl->dev, isle, &stat);
	if (err)
		return ctl_fail(ctl, err, &ctl->dev.why);
	if (!ctl->json) {
		print_isle(ctl, &stat);
		return CTL_OK;
	}
	json_begin(&ctl->out, stdout, false);
	json_object(&ctl->out, NULL);
	isle_json(&ctl->out, &stat);
	json_string(&ctl->out, "kernel_state", kernel_name(stat.kernel_state));
	json_unsigned(&ctl->out, "log_end", stat.log_end);
	json_unsigned(&ctl->out, "entry_tsc", stat.entry_tsc);
	json_unsigned(&ctl->out, "first_log_tsc", stat.first_log_tsc);
	json_unsigned(&ctl->out, "up_tsc", stat.up_tsc);
	json_unsigned(&ctl->out, "tsc_khz", ctl->dev.info.tsc_khz);
	json_unsigned(&ctl->out, "doorbells", stat.doorbells);
	json_unsigned(&ctl->out, "created_ns", stat.created_ns);
	json_object_end(&ctl->out);
	json_end(&ctl->out);
	return CTL_OK;
}
