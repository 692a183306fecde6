// SPDX-License-Identifier: GPL-2.0
/*
 * notify.c - reboot, panic, suspend: isles must not run on while the machine goes down.
 */
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "cpu.h"
#include "notify.h"

static bool dead;

bool isle_is_dead(void)
{
	return READ_ONCE(dead);
}

/* First the flag, so that who waits for an isle notices that it does not answer any more. */
static int silence(struct notifier_block *nb, unsigned long action, void *data)
{
	WRITE_ONCE(dead, true);
	isle_cpu_silence();
	return NOTIFY_DONE;
}

/* Reserved CPUs and what runs on them would not survive. */
static int refuse_sleep(struct notifier_block *nb, unsigned long action, void *data)
{
	u32 reserved, is_free;

	if (action != PM_SUSPEND_PREPARE && action != PM_HIBERNATION_PREPARE)
		return NOTIFY_DONE;
	isle_cpu_count(&reserved, &is_free);
	if (!reserved)
		return NOTIFY_DONE;
	pr_warn("refusing to suspend: %u CPUs are in the reserve (release them first)\n", reserved);
	return NOTIFY_BAD;
}

static struct notifier_block reboot = { .notifier_call = silence };
static struct notifier_block panicking = { .notifier_call = silence, .priority = INT_MAX };
static struct notifier_block sleeping = { .notifier_call = refuse_sleep };

int isle_notify_init(void)
{
	int err;

	err = register_reboot_notifier(&reboot);
	if (err)
		return err;
	err = register_pm_notifier(&sleeping);
	if (err) {
		unregister_reboot_notifier(&reboot);
		return err;
	}
	atomic_notifier_chain_register(&panic_notifier_list, &panicking);
	return 0;
}

void isle_notify_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &panicking);
	unregister_pm_notifier(&sleeping);
	unregister_reboot_notifier(&reboot);
}
