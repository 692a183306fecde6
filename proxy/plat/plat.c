// SPDX-License-Identifier: MIT
/*
 * plat.c - chooses the platform: the one that was named, or the first that can be used.
 */
#include "plat.h"

#include <errno.h>
#include <string.h>

/* Why bare cores can be used or not, as a clause. */
static bool multi_usable(struct why *why)
{
	struct dev dev = { .fd = -1 };
	int err = dev_open(&dev);
	uint32_t cpus;

	if (err == -ENODEV || err == -ENOENT) {
		why_say(why, 0, "the module is not loaded");
		return false;
	}
	if (err) {
		why_say(why, 0, "%.200s", dev.why.text);
		return false;
	}
	cpus = dev.info.reserved_cpus;
	dev_close(&dev);
	if (cpus)
		why_say(why, 0, "the module is loaded and has a reserve of %u CPUs", cpus);
	else
		why_say(why, 0, "the module has no reserve");
	return cpus != 0;
}

/* Best first. */
static const struct {
	const struct plat_ops *ops;
	bool (*usable)(struct why *why);
} platforms[] = {
	{ &plat_multi, multi_usable },
	{ &plat_uhyve, uhyve_usable },
	{ &plat_qemu, qemu_usable },
};

const struct plat_ops *plat_choose(const struct config *config, struct why *why)
{
	struct why one, all = { "" };
	size_t i;

	for (i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		const char *name = platforms[i].ops->name;

		if (config->platform && strcmp(config->platform, name) != 0)
			continue;
		if (config->platform) {
			why_say(why, 0, "it was asked for");
			return platforms[i].ops;
		}
		if (platforms[i].usable(&one)) {
			why_say(why, 0, "%s%s", all.text, one.text);
			return platforms[i].ops;
		}
		*why = all;
		why_say(&all, 0, "%.250snot %s, %.250s; ", why->text, name, one.text);
	}
	if (config->platform) {
		why_say(why, 0, "isles on %s are not in this version", config->platform);
		return NULL;
	}
	/* It says best what is missing. */
	why_say(why, 0, "%snothing else can be used either", all.text);
	return platforms[0].ops;
}
