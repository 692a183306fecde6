// SPDX-License-Identifier: MIT
/*
 * uhyve.c - isles in a machine of KVM's: what is common to memfd isles, around uhyve/vm.c.
 */
#include "plat.h"

#include "uhyve/uhyve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STOP_MS  5000u

bool uhyve_usable(struct why *why)
{
	int kvm = kvm_open(why);

	if (kvm < 0)
		return false;
	close(kvm);
	why_say(why, 0, "KVM can be used");
	return true;
}

static int uhyve_load(struct isle *isle, const char *image, const char *args)
{
	struct vm *m = vm_of(isle);
	int err = memfd_load(&m->isle, isle, image, args, NULL);

	if (!err)
		m->isle.boot->flags |= m->boot_flags;
	return err;
}

/* Pages of Linux's pool (hugetlb) are no choice: what the proxy maps of a program's memory is smaller than those. */
static int uhyve_plan(struct isle *isle, const struct config *config)
{
	const char *huge = getenv("HERMIT_HUGEPAGE");

	if (huge && *huge && strcmp(huge, "0") != 0 && strcmp(huge, "1") != 0 && strcmp(huge, "all") != 0)
		return why_say(&isle->why, -EINVAL, "HERMIT_HUGEPAGE is 0, 1 or all, not '%.80s'", huge);
	return memfd_plan(isle, config);
}

static int uhyve_machine(struct isle *isle, struct view_machine *machine)
{
	memfd_machine(&vm_of(isle)->isle, machine);
	return 0;
}

static int uhyve_poll_fd(const struct isle *isle)
{
	return memfd_poll_fd(&vm_of(isle)->isle);
}

static int uhyve_events(struct isle *isle)
{
	return memfd_events(&vm_of(isle)->isle);
}

static int uhyve_stop(struct isle *isle, bool now)
{
	struct vm *m = vm_of(isle);

	if (!now) {
		memfd_request_stop(&m->isle);
		vm_ring(m, 0);
		if (memfd_await_end(&m->isle, STOP_MS) == 0)
			return 0;
	}
	vm_end(m, now ? ISLE_LIFE_KILLED : ISLE_LIFE_HUNG,
		    now ? "it was told to end at once" : "it did not stop when it was asked to");
	return memfd_await_end(&m->isle, STOP_MS);
}

static int uhyve_log(struct isle *isle, struct logtext *log)
{
	struct vm *m = vm_of(isle);

	return m ? memfd_print_log(&m->isle, isle, log) : 0;
}

static void uhyve_errors(struct isle *isle, FILE *out)
{
	if (vm_of(isle))
		memfd_print_errors(&vm_of(isle)->isle, out);
}

static int uhyve_finish(struct isle *isle)
{
	return memfd_finish(&vm_of(isle)->isle, isle);
}

static void uhyve_report(struct isle *isle, FILE *out, bool json)
{
	vm_stats_print(isle, out, json);
}

static void uhyve_close(struct isle *isle)
{
	vm_close(vm_of(isle));
	isle->own = NULL;
}

const struct plat_ops plat_uhyve = {
	.name = "uhyve",
	.platform = ISLE_PLAT_UHYVE,
	.serve = &serve_uhyve,
	.plan = uhyve_plan,
	.create = vm_create,
	.machine = uhyve_machine,
	.load = uhyve_load,
	.guard = vm_guard,
	.start = vm_start,
	.poll_fd = uhyve_poll_fd,
	.events = uhyve_events,
	.stop = uhyve_stop,
	.log = uhyve_log,
	.errors = uhyve_errors,
	.finish = uhyve_finish,
	.report = uhyve_report,
	.close = uhyve_close,
};
