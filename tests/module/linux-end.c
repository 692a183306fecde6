// SPDX-License-Identifier: MIT
/*
 * linux-end.c - ends Linux while isles run: one sleeps, one does not hear anything.
 *
 *	linux-end poweroff | reboot | panic
 *
 * Prints one line when the isles run, and never comes back. linux-end.t watches the machine from
 * outside.
 */
#include "isle.h"
#include "world.h"

#include <sys/reboot.h>

static int start(struct subject *it, const char *cpus, const char *cmdline)
{
	int err = subject_make(it, cpus, cmdline, STAGE_RUNNING);

	if (err)
		printf("linux-end: no isle on CPUs %s: %s: %s\n", cpus, check_error(err),
		       dev_why(it->fd));
	return !err;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	struct subject a, b;
	int fd = dev_open();

	if (fd < 0 || !places()->span[0] ||
	    dev_reserve(fd, places()->span, RESERVE_MIB, RESERVE_MIB, ISLE_RESERVE_F_SPAN, NULL)) {
		printf("linux-end: nothing could be reserved\n");
		return 1;
	}
	if (!start(&a, places()->near, "idle") || !start(&b, places()->far, "inject=hang"))
		return 1;
	printf("isles run\n");
	fflush(stdout);
	/* Time for the line to leave the machine. */
	check_sleep_ms(500);
	if (!strcmp(how, "poweroff"))
		reboot(RB_POWER_OFF);
	else if (!strcmp(how, "reboot"))
		reboot(RB_AUTOBOOT);
	else if (!strcmp(how, "panic"))
		file_write("/proc/sysrq-trigger", "c");
	printf("linux-end: Linux has not ended\n");
	return 1;
}
