/* SPDX-License-Identifier: MIT */
/*
 * list.c - islectl list: one line an isle.
 */
#include "ctl.h"

#include "cpuset.h"
#include "size.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/*
 * Everything that a table or a script wants to know of an isle; the object stays open for more
 * members.
 */
void isle_json(struct json *json, const struct isle_stat *stat)
{
	unsigned int i;

	json_unsigned(json, "isle", stat->isle_id);
	json_string(json, "life", life_name(stat->life));
	json_bool(json, "reaped", stat->reaped);
	if (stat->life == ISLE_LIFE_STOPPED)
		json_signed(json, "wait_status", stat->exit_code);
	else
		json_null(json, "wait_status");
	json_string(json, "why", stat->why);
	json_unsigned(json, "owner_pid", stat->owner_pid);
	json_unsigned(json, "owner_uid", stat->owner_uid);
	ctl_json_cpus(json, "cpus", &stat->cpus);
	json_unsigned(json, "bytes", stat->mem_size);
	json_array(json, "memory");
	for (i = 0; i < ISLE_MAX_NODES; i++) {
		if (!stat->mem_node[i])
			continue;
		json_object(json, NULL);
		json_unsigned(json, "node", i);
		json_unsigned(json, "bytes", stat->mem_node[i]);
		json_object_end(json);
	}
	json_array_end(json);
}

static void print_row(const struct isle_stat *stat)
{
	struct isle_cpuset nodes = { { 0 } };
	char cpus[CPUSET_TEXT], list[CPUSET_TEXT], size[SIZE_TEXT], owner[48];
	const struct passwd *pw = getpwuid(stat->owner_uid);
	unsigned int i;
	int pad;

	for (i = 0; i < ISLE_MAX_NODES; i++)
		if (stat->mem_node[i])
			cpuset_add(&nodes, i);
	if (stat->owner_pid && pw)
		snprintf(owner, sizeof(owner), "%u (%.14s)", stat->owner_pid, pw->pw_name);
	else if (stat->owner_pid)
		snprintf(owner, sizeof(owner), "%u (%u)", stat->owner_pid, stat->owner_uid);
	else
		snprintf(owner, sizeof(owner), "-");
	pad = stat->why[0] ? 24 - (int)strlen(owner) : 0;
	printf("%-5u %-9s %-12s %-9s %-6s %s%*s%s\n", stat->isle_id, life_name(stat->life),
	       cpuset_print(&stat->cpus, cpus, sizeof(cpus)), size_print(stat->mem_size, size),
	       cpuset_print(&nodes, list, sizeof(list)), owner, pad, "", stat->why);
}

int list_run(struct ctl *ctl, int argc, char **argv)
{
	const struct opt opts[] = { CTL_JSON(ctl), CTL_HELP(ctl) };
	int status, err, nr, shown = 0;
	struct isle_stat stat;
	uint32_t *ids, n, i;

	status = ctl_parse(ctl, opts, argc, argv, 0, &nr);
	if (status == CTL_GO)
		status = ctl_open(ctl);
	if (status != CTL_GO)
		return status;
	err = dev_list(&ctl->dev, &ids, &n);
	if (err)
		return ctl_fail(ctl, err, &ctl->dev.why);
	if (ctl->json) {
		json_begin(&ctl->out, stdout, false);
		json_array(&ctl->out, NULL);
	}
	for (i = 0; i < n; i++) {
		/* An isle may be forgotten between the two questions. */
		if (dev_stat(&ctl->dev, ids[i], &stat))
			continue;
		if (ctl->json) {
			json_object(&ctl->out, NULL);
			isle_json(&ctl->out, &stat);
			json_object_end(&ctl->out);
			continue;
		}
		if (!shown++)
			printf("%-5s %-9s %-12s %-9s %-6s %-23s %s\n", "ISLE", "STATE", "CPUS",
			       "MEMORY", "NODES", "OWNER", "HOW IT ENDED");
		print_row(&stat);
	}
	free(ids);
	if (ctl->json) {
		json_array_end(&ctl->out);
		json_end(&ctl->out);
	} else if (!shown) {
		puts("there is no isle, and none has been since the module was loaded");
	}
	return CTL_OK;
}
