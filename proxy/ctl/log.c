/* SPDX-License-Identifier: MIT */
/*
 * log.c - islectl log: what an isle said.
 */
#include "ctl.h"

#include "logtext.h"

#include <errno.h>

/* How long one question waits: so often a follower looks whether its reader is still there. */
#define FOLLOW_MS 1000u

int log_run(struct ctl *ctl, int argc, char **argv)
{
	struct logtext log = { .out = stdout, .form = LOGTEXT_LINES };
	bool follow = false, raw = false;
	const struct opt opts[] = {
		{ "follow", 'f', OPT_FLAG, &follow, NULL, "go on printing until the isle has ended",
		  0, 0 },
		{ "raw", 'r', OPT_FLAG, &raw, NULL,
		  "print the texts alone, unchanged, without time and CPU", 0, 0 },
		{ "json", 0, OPT_FLAG, &ctl->json, NULL, "print a JSON object a line", 0, 0 },
		CTL_HELP(ctl),
	};
	int status, err, nr;
	uint32_t isle;

	status = ctl_parse(ctl, opts, argc, argv, 1, &nr);
	if (status == CTL_GO)
		status = ctl_isle(ctl, argv[0], &isle);
	if (status == CTL_GO && raw && ctl->json) {
		why_say(&ctl->why, -EINVAL, "--raw and --json exclude each other");
		ctl_fail(ctl, -EINVAL, &ctl->why);
		status = CTL_USAGE;
	}
	if (status == CTL_GO)
		status = ctl_open(ctl);
	if (status != CTL_GO)
		return status;
	log.form = ctl->json ? LOGTEXT_JSON : raw ? LOGTEXT_RAW : LOGTEXT_LINES;
	do {
		err = logtext_drain(&log, &ctl->dev, isle, follow ? FOLLOW_MS : 0);
	} while (!err && follow && !log.ended && !ferror(stdout));
	return err ? ctl_fail(ctl, err, &ctl->dev.why) : CTL_OK;
}
