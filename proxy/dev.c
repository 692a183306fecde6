/* SPDX-License-Identifier: MIT */
/*
 * dev.c - opens the device, carries commands, and fetches the sentence after each failure.
 */
#include "dev.h"

#include <isle/version.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refused(struct dev *dev, const char *path, int err)
{
	switch (err) {
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
		return why_say(
			&dev->why, -ENODEV,
			"there is no %s: the module `isle' is not loaded; load it as root with "
			"`modprobe isle'%s",
			path,
			access("/sys/module/isle", F_OK)
				? ""
				: " (it is loaded, but its device is missing: is /dev "
				  "managed by udev?)");
	case -EACCES:
	case -EPERM:
		return why_say(
			&dev->why, -EACCES,
			"you may not open %s: only root and members of the group `isle' may; root "
			"adds you with `usermod -aG isle USER', and it takes effect at your next "
			"login",
			path);
	default:
		return why_say(&dev->why, err, "%s cannot be opened: %s", path, strerror(-err));
	}
}

int dev_open(struct dev *dev)
{
	const char *path = getenv("ISLE_DEVICE");
	int err;

	memset(dev, 0, sizeof(*dev));
	if (!path || !*path)
		path = ISLE_DEVICE;
	dev->fd = open(path, O_RDWR | O_CLOEXEC);
	if (dev->fd < 0)
		return refused(dev, path, -errno);
	err = dev_info(dev);
	if (err == -ENOTTY)
		why_say(&dev->why, err = -ENODEV, "%s is not the device of the module `isle'",
			path);
	else if (!err && dev->info.revision != ISLE_ABI_REVISION)
		err = why_say(
			&dev->why, -EPROTO,
			"the loaded module has ABI revision %u, this tool %u: install both from "
			"one build and load the module anew (`rmmod isle', `modprobe isle')",
			dev->info.revision, ISLE_ABI_REVISION);
	if (err)
		dev_close(dev);
	return err;
}

void dev_close(struct dev *dev)
{
	if (dev->fd >= 0)
		close(dev->fd);
	dev->fd = -1;
}

int dev_call(struct dev *dev, unsigned long cmd, void *arg, const char *name)
{
	struct isle_why why;
	int err;

	if (ioctl(dev->fd, cmd, arg) >= 0) {
		dev->why.text[0] = 0;
		return 0;
	}
	err = -errno;
	memset(&why, 0, sizeof(why));
	if (ioctl(dev->fd, ISLE_IOC_WHY, &why) == 0 && why.text[0])
		return why_say(&dev->why, err, "%.*s", (int)sizeof(why.text), why.text);
	return why_say(&dev->why, err, "%s failed: %s", name, strerror(-err));
}

int dev_info(struct dev *dev)
{
	return dev_call(dev, ISLE_IOC_INFO, &dev->info, "asking the module");
}

int dev_reserve(struct dev *dev, struct isle_reserve *reserve)
{
	return dev_call(dev, ISLE_IOC_RESERVE, reserve, "reserving");
}

int dev_release(struct dev *dev, struct isle_release *release)
{
	return dev_call(dev, ISLE_IOC_RELEASE, release, "releasing");
}

int dev_create(struct dev *dev, struct isle_create *create)
{
	return dev_call(dev, ISLE_IOC_CREATE, create, "creating an isle");
}

int dev_load(struct dev *dev, struct isle_load *load)
{
	return dev_call(dev, ISLE_IOC_LOAD, load, "loading the isle kernel");
}

int dev_start(struct dev *dev, struct isle_start *start)
{
	return dev_call(dev, ISLE_IOC_START, start, "starting the isle");
}

int dev_stop(struct dev *dev, struct isle_stop *stop)
{
	return dev_call(dev, ISLE_IOC_STOP, stop, "stopping the isle");
}

int dev_events(struct dev *dev, struct isle_events *events)
{
	return dev_call(dev, ISLE_IOC_EVENTS, events, "asking for events");
}

int dev_stat(struct dev *dev, uint32_t isle, struct isle_stat *stat)
{
	int err;

	memset(stat, 0, sizeof(*stat));
	stat->isle_id = isle;
	err = dev_call(dev, ISLE_IOC_STAT, stat, "asking for an isle's state");
	stat->why[sizeof(stat->why) - 1] = 0;
	return err;
}

int dev_log(struct dev *dev, struct isle_log_read *read)
{
	return dev_call(dev, ISLE_IOC_LOG, read, "reading an isle's log");
}

const char *life_name(uint32_t life)
{
	static const char *const names[] = {
		[ISLE_LIFE_NONE] = "none",	 [ISLE_LIFE_CREATED] = "created",
		[ISLE_LIFE_LOADED] = "loaded",	 [ISLE_LIFE_STARTING] = "starting",
		[ISLE_LIFE_RUNNING] = "running", [ISLE_LIFE_STOPPING] = "stopping",
		[ISLE_LIFE_STOPPED] = "stopped", [ISLE_LIFE_PANICKED] = "panicked",
		[ISLE_LIFE_HUNG] = "hung",	 [ISLE_LIFE_KILLED] = "killed",
	};

	return life < sizeof(names) / sizeof(names[0]) ? names[life] : "unknown";
}

int life_ended(uint32_t life)
{
	return life >= ISLE_LIFE_STOPPED && life <= ISLE_LIFE_KILLED;
}
