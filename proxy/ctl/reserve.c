/* SPDX-License-Identifier: MIT */
/*
 * reserve.c - islectl reserve and release: between Linux and the reserve.
 */
#include "ctl.h"

#include "cpuset.h"
#include "plan.h"
#include "progress.h"
#include "size.h"
#include "topo.h"

#include <errno.h>
#include <string.h>

struct request {
	struct plan_ask ask;
	struct plan plan;
	struct isle_reserve result;
	struct isle_mem asked[ISLE_MAX_NODES]; /* the module replaces the plan's sizes */
	bool strict, dry_run;
	bool real;    /* planned on this machine */
	bool checked; /* the module has seen it */
};

static void print_request(const struct request *r)
{
	char cpus[CPUSET_TEXT], got[SIZE_TEXT], asked[SIZE_TEXT];
	unsigned int i;

	if (r->plan.nr_cpus)
		printf("CPUs      %s: %u CPU%s, %u core%s, %u node%s\n",
		       cpuset_print(&r->plan.cpus, cpus, sizeof(cpus)), r->plan.nr_cpus,
		       r->plan.nr_cpus == 1 ? "" : "s", r->plan.nr_cores,
		       r->plan.nr_cores == 1 ? "" : "s", r->plan.nr_nodes,
		       r->plan.nr_nodes == 1 ? "" : "s");
	for (i = 0; i < r->plan.nr_mem; i++) {
		printf("memory    %s of node %u", size_print(r->plan.mem[i].size, got),
		       r->plan.mem[i].node);
		if (r->plan.mem[i].size != r->asked[i].size)
			printf(", %s were asked for", size_print(r->asked[i].size, asked));
		putchar('\n');
	}
	if (r->checked && r->result.text[0])
		printf("%s\n", r->result.text);
}

static void json_request(struct ctl *ctl, const struct request *r)
{
	struct json *json = &ctl->out;
	unsigned int i;

	json_begin(json, stdout, false);
	json_object(json, NULL);
	json_bool(json, "dry_run", r->dry_run);
	json_bool(json, "checked_by_module", r->checked);
	ctl_json_cpus(json, "cpus", &r->plan.cpus);
	json_unsigned(json, "cores", r->plan.nr_cores);
	json_array(json, "memory");
	for (i = 0; i < r->plan.nr_mem; i++) {
		json_object(json, NULL);
		json_unsigned(json, "node", r->plan.mem[i].node);
		json_unsigned(json, "asked_bytes", r->asked[i].size);
		json_unsigned(json, "bytes", r->plan.mem[i].size);
		json_object_end(json);
	}
	json_array_end(json);
	json_unsigned(json, "offline_ns", r->result.offline_ns);
	json_unsigned(json, "park_ns", r->result.park_ns);
	json_unsigned(json, "memory_ns", r->result.memory_ns);
	json_string(json, "text", r->checked ? r->result.text : "");
	json_object_end(json);
	json_end(json);
}

/* Hands the plan to the module. 0 or -errno. */
static int submit(struct ctl *ctl, struct request *r, struct progress *progress)
{
	int err;

	memset(&r->result, 0, sizeof(r->result));
	r->result.cpus = r->plan.cpus;
	r->result.mem_ptr = (uintptr_t)r->plan.mem;
	r->result.nr_mem = r->plan.nr_mem;
	r->result.flags = (r->strict ? ISLE_RESERVE_F_STRICT : 0) |
			  (r->plan.spans ? ISLE_RESERVE_F_SPAN : 0) |
			  (r->dry_run ? ISLE_RESERVE_F_DRY_RUN : 0);
	progress_step(progress, "%s %u CPUs and %llu MiB", r->dry_run ? "checking" : "taking",
		      r->plan.nr_cpus, (unsigned long long)(plan_mem(&r->plan) >> 20));
	err = dev_reserve(&ctl->dev, &r->result);
	progress_end(progress);
	r->result.text[sizeof(r->result.text) - 1] = 0;
	r->checked = !err;
	return err;
}

/* A dry run that cannot reach the module still says what the plan is. */
static int execute(struct ctl *ctl, struct request *r)
{
	struct progress progress;
	int err;

	progress_init(&progress, "islectl", ctl->verbose);
	if (r->dry_run && !r->real)
		return CTL_GO;
	err = dev_open(&ctl->dev);
	if (!err) {
		err = submit(ctl, r, &progress);
		if (r->dry_run && (err == -EPERM || err == -EACCES))
			err = 0;
	} else if (r->dry_run) {
		return CTL_GO;
	}
	return err ? ctl_fail(ctl, err, &ctl->dev.why) : CTL_GO;
}

static int plan_it(struct ctl *ctl, struct request *r)
{
	struct machine machine;
	int err;

	err = topo_read(&machine, &r->real, &ctl->why);
	if (!err)
		err = plan_reserve(&machine, &r->ask, &r->plan, &ctl->why);
	if (err) {
		ctl_fail(ctl, err, &ctl->why);
		return err == -EINVAL ? CTL_USAGE : CTL_FAILED;
	}
	if (!r->real && !r->dry_run) {
		why_say(&ctl->why, -EINVAL,
			"HWLOC_SYNTHETIC or HWLOC_XMLFILE describe another machine than this one; "
			"with them only --dry-run makes sense");
		ctl_fail(ctl, -EINVAL, &ctl->why);
		return CTL_USAGE;
	}
	memcpy(r->asked, r->plan.mem, sizeof(r->asked));
	return CTL_GO;
}

int reserve_run(struct ctl *ctl, int argc, char **argv)
{
	struct request r = { .ask = { .node = PLAN_ANY_NODE, .keep = 1 } };
	const struct opt opts[] = {
		{ "cpus", 'c', OPT_TEXT, &r.ask.cpus, "CPUS",
		  "CPUs to take: a list, a number, or auto", 0, 0 },
		{ "mem", 'm', OPT_TEXT, &r.ask.mem, "MEM",
		  "memory to take: SIZE[@NODE] or N%[@NODE], several separated by commas, or none",
		  0, 0 },
		{ "keep", 'k', OPT_NUMBER, &r.ask.keep, "CORES",
		  "cores that Linux keeps at least, if CPUS is a number or auto (1)", 1,
		  CPUSET_MAX },
		{ "strict", 's', OPT_FLAG, &r.strict, NULL,
		  "fail rather than take less memory than asked for", 0, 0 },
		{ "dry-run", 'n', OPT_FLAG, &r.dry_run, NULL,
		  "print what would be taken, change nothing", 0, 0 },
		CTL_JSON(ctl),
		CTL_VERBOSE(ctl),
		CTL_HELP(ctl),
	};
	int status, nr;

	status = ctl_parse(ctl, opts, argc, argv, 0, &nr);
	if (status != CTL_GO)
		return status;
	if (!r.ask.cpus && !r.ask.mem) {
		why_say(&ctl->why, -EINVAL,
			"say what to take: --cpus LIST, --cpus N or --cpus auto, --mem "
			"SIZE[@NODE], or both");
		ctl_fail(ctl, -EINVAL, &ctl->why);
		return CTL_USAGE;
	}
	status = plan_it(ctl, &r);
	if (status == CTL_GO)
		status = execute(ctl, &r);
	if (status != CTL_GO)
		return status;
	if (ctl->json) {
		json_request(ctl, &r);
		return CTL_OK;
	}
	if (r.dry_run)
		printf("would take, %s:\n",
		       r.checked ? "and the module agrees" : "unchecked by the module");
	print_request(&r);
	if (ctl->verbose && r.checked)
		printf("times     offline %.3f s, park %.3f s, memory %.3f s\n",
		       (double)r.result.offline_ns / 1e9, (double)r.result.park_ns / 1e9,
		       (double)r.result.memory_ns / 1e9);
	return CTL_OK;
}

int release_run(struct ctl *ctl, int argc, char **argv)
{
	const struct opt opts[] = { CTL_JSON(ctl), CTL_VERBOSE(ctl), CTL_HELP(ctl) };
	struct isle_release result = { 0 };
	struct progress progress;
	char size[SIZE_TEXT];
	int status, err, nr;

	status = ctl_parse(ctl, opts, argc, argv, 0, &nr);
	if (status == CTL_GO)
		status = ctl_open(ctl);
	if (status != CTL_GO)
		return status;
	progress_init(&progress, "islectl", ctl->verbose);
	progress_step(&progress, "giving %u CPUs and %llu MiB back to Linux",
		      ctl->dev.info.reserved_cpus,
		      (unsigned long long)(ctl->dev.info.reserved_mem >> 20));
	err = dev_release(&ctl->dev, &result);
	progress_end(&progress);
	if (err)
		return ctl_fail(ctl, err, &ctl->dev.why);
	if (!ctl->json) {
		printf("%u CPU%s and %s went back to Linux\n", result.cpus,
		       result.cpus == 1 ? "" : "s", size_print(result.mem, size));
		if (ctl->verbose)
			printf("times     online %.3f s, memory %.3f s\n",
			       (double)result.online_ns / 1e9, (double)result.memory_ns / 1e9);
		return CTL_OK;
	}
	json_begin(&ctl->out, stdout, false);
	json_object(&ctl->out, NULL);
	json_unsigned(&ctl->out, "cpus", result.cpus);
	json_unsigned(&ctl->out, "bytes", result.mem);
	json_unsigned(&ctl->out, "online_ns", result.online_ns);
	json_unsigned(&ctl->out, "memory_ns", result.memory_ns);
	json_object_end(&ctl->out);
	json_end(&ctl->out);
	return CTL_OK;
}
