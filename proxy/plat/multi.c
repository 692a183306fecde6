/* SPDX-License-Identifier: MIT */
/*
 * multi.c - isles on bare cores: every function is a command of /dev/isle.
 */
#include "plat.h"

#include "pool.h"

#include <isle/boot.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failed(struct isle *isle, int err)
{
	isle->why = isle->dev.why;
	return err;
}

static int multi_plan(struct isle *isle, const struct config *config)
{
	const struct plan_ask ask = { .cpus = config->cpus,
				      .mem = config->mem,
				      .node = config->node };
	struct machine machine;
	int err;

	if (isle->dev.fd < 0) {
		err = dev_open(&isle->dev);
		if (err)
			return failed(isle, err);
	}
	err = pool_read(&isle->dev, &machine);
	return err ? failed(isle, err) : plan_isle(&machine, &ask, &isle->plan, &isle->why);
}

static int multi_room(struct isle *isle, struct place_reserve *room)
{
	struct isle_reserved_extent *extents;
	struct isle_reserved_cpu *cpus;
	uint32_t nr_cpus, nr_extents;
	struct refusal why;
	int err = 0;

	if (isle->dev.fd < 0)
		err = dev_open(&isle->dev);
	if (!err)
		err = dev_reserved(&isle->dev, &cpus, &nr_cpus, &extents, &nr_extents);
	if (err)
		return failed(isle, err);
	err = place_reserve_read(room, cpus, nr_cpus, extents, nr_extents, &why);
	free(cpus);
	free(extents);
	return err ? why_say(&isle->why, err, "%s", why.text) : 0;
}

static int multi_create(struct isle *isle)
{
	struct isle_create create;
	int err;

	memset(&create, 0, sizeof(create));
	create.cpus = isle->plan.cpus;
	create.node = ISLE_NODE_ANY;
	create.mem_ptr = (uintptr_t)isle->plan.mem;
	create.nr_mem = isle->plan.nr_mem;
	create.flags = isle->plan.spans ? ISLE_CREATE_F_SPAN : 0;
	err = dev_create(&isle->dev, &create);
	if (err)
		return failed(isle, err);
	isle->id = create.isle_id;
	isle->mem_size = create.mem_size;
	isle->mem_fd = isle->dev.fd;
	return 0;
}

static int multi_guard(struct isle *isle)
{
	int fd = guard_take(isle->dev.fd);

	if (fd < 0)
		return fd;
	isle->dev.fd = isle->mem_fd = fd;
	return 0;
}

static int multi_load(struct isle *isle, const char *image, const char *args)
{
	struct isle_load load;
	int err;

	memset(&load, 0, sizeof(load));
	load.image_fd = open(image, O_RDONLY | O_CLOEXEC);
	if (load.image_fd < 0)
		return why_say(&isle->why, -errno, "the isle kernel %.300s cannot be opened: %s",
			       image, strerror(errno));
	load.cmdline_ptr = (uintptr_t)args;
	err = dev_load(&isle->dev, &load);
	close(load.image_fd);
	isle->window_ipa = load.window_ipa;
	return err ? failed(isle, err) : 0;
}

static int multi_start(struct isle *isle, uint32_t timeout_ms)
{
	struct isle_start start;
	int err;

	memset(&start, 0, sizeof(start));
	start.timeout_ms = timeout_ms;
	err = dev_start(&isle->dev, &start);
	return err ? failed(isle, err) : 0;
}

static int multi_poll_fd(const struct isle *isle)
{
	return isle->dev.fd;
}

static int multi_events(struct isle *isle)
{
	struct isle_events events;
	int err;

	memset(&events, 0, sizeof(events));
	err = dev_events(&isle->dev, &events);
	return err ? failed(isle, err) : 0;
}

static int multi_stop(struct isle *isle, bool now)
{
	struct isle_stop stop;
	int err;

	memset(&stop, 0, sizeof(stop));
	stop.flags = now ? ISLE_STOP_F_NOW : 0;
	err = dev_stop(&isle->dev, &stop);
	return err ? failed(isle, err) : 0;
}

static int multi_log(struct isle *isle, struct logtext *log)
{
	int err = logtext_drain(log, &isle->dev, isle->id, 0);

	return err ? failed(isle, err) : 0;
}

static int multi_finish(struct isle *isle)
{
	int err = dev_stat(&isle->dev, isle->id, &isle->stat);

	return err ? failed(isle, err) : 0;
}

static void multi_close(struct isle *isle)
{
	dev_close(&isle->dev);
}

const struct plat_ops plat_multi = {
	.name = "multi",
	.platform = ISLE_PLAT_MULTI,
	.listed = true,
	.serve = &serve_multi,
	.plan = multi_plan,
	.room = multi_room,
	.create = multi_create,
	.machine = machine_multi,
	.load = multi_load,
	.guard = multi_guard,
	.start = multi_start,
	.poll_fd = multi_poll_fd,
	.events = multi_events,
	.stop = multi_stop,
	.log = multi_log,
	.finish = multi_finish,
	.close = multi_close,
};
