/* SPDX-License-Identifier: MIT */
/*
 * doctor_host.c - the kernel and its settings: would it take the module, and let go of CPUs and
 * memory?
 */
#include "doctor.h"

#include <stdlib.h>
#include <string.h>

static void check_kernel(struct doctor *d)
{
	unsigned int major = 0, minor = 0;

	sscanf(d->release, "%u.%u", &major, &minor);
	if (major < 6 || (major == 6 && minor < 1))
		doctor_say(d, DOCTOR_PROBLEM, "kernel", "boot Linux 6.1 or newer",
			   "Linux %s is older than 6.1, the oldest that the module is made for",
			   d->release);
	else
		doctor_say(d, DOCTOR_OK, "kernel", "", "Linux %s", d->release);
}

/* The kernel's own list of what it was built with. */
static FILE *open_config(const struct doctor *d)
{
	FILE *file = doctor_open(d, "/boot/config-%s", d->release);

	if (!file)
		file = doctor_open(d, "/lib/modules/%s/config", d->release);
	return file ? file : doctor_open(d, "/lib/modules/%s/build/.config", d->release);
}

static void check_config(struct doctor *d)
{
	static const char *const needed[] = {
		"CONFIG_SMP",	       "CONFIG_HOTPLUG_CPU",	"CONFIG_MODULES",
		"CONFIG_CONTIG_ALLOC", "CONFIG_X86_LOCAL_APIC",
	};
	bool have[sizeof(needed) / sizeof(needed[0])] = { false };
	char line[512], missing[256] = "";
	FILE *file = open_config(d);
	size_t i, length;

	if (!file) {
		doctor_say(d, DOCTOR_NOTE, "kernel", "",
			   "its build configuration is not in /boot: not checked");
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
			length = strlen(needed[i]);
			if (!strncmp(line, needed[i], length) && !strncmp(line + length, "=y", 2))
				have[i] = true;
		}
	}
	fclose(file);
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!have[i])
			snprintf(missing + strlen(missing), sizeof(missing) - strlen(missing),
				 " %s", needed[i]);
	if (missing[0])
		doctor_say(d, DOCTOR_PROBLEM, "kernel",
			   "boot a kernel that has it, such as the distribution's",
			   "it is built without%s", missing);
	else
		doctor_say(d, DOCTOR_OK, "kernel", "",
			   "it has CPU hotplug, modules and contiguous allocation");
}

static bool secure_boot(const struct doctor *d)
{
	FILE *file = doctor_open(
		d, "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
	unsigned char bytes[5] = { 0 };
	bool on;

	if (!file)
		return false;
	/* Four bytes of attributes, then the variable. UEFI 2.10, 3.3. */
	on = fread(bytes, 1, sizeof(bytes), file) == sizeof(bytes) && bytes[4] == 1;
	fclose(file);
	return on;
}

static void check_security(struct doctor *d)
{
	char lockdown[128], enforce[16], disabled[16];

	doctor_text(d, lockdown, sizeof(lockdown), "/sys/kernel/security/lockdown");
	doctor_text(d, enforce, sizeof(enforce), "/sys/module/module/parameters/sig_enforce");
	doctor_text(d, disabled, sizeof(disabled), "/proc/sys/kernel/modules_disabled");
	if (disabled[0] == '1')
		doctor_say(d, DOCTOR_PROBLEM, "security",
			   "reboot; something sets kernel.modules_disabled=1",
			   "loading modules has been switched off");
	if (strstr(lockdown, "[integrity]") || strstr(lockdown, "[confidentiality]") ||
	    enforce[0] == 'Y')
		doctor_say(
			d, DOCTOR_PROBLEM, "security",
			"sign isle.ko with a key the firmware knows (mokutil --import), or switch "
			"Secure Boot off",
			"the kernel loads signed modules only (lockdown or sig_enforce)");
	else if (secure_boot(d))
		doctor_say(d, DOCTOR_NOTE, "security",
			   "if loading fails, sign isle.ko (mokutil --import)",
			   "Secure Boot is on, but the kernel is not locked down");
	else
		doctor_say(d, DOCTOR_OK, "security", "", "unsigned modules can be loaded");
}

/* Settings that people know from other ways to quiet CPUs. */
static void check_cmdline(struct doctor *d)
{
	static const char *const words[] = { "isolcpus=", "nohz_full=", "rcu_nocbs=",
					     "irqaffinity=" };
	char found[96] = "";
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (doctor_booted_with(d, words[i]))
			snprintf(found + strlen(found), sizeof(found) - strlen(found), " %s",
				 words[i]);
	if (found[0])
		doctor_say(d, DOCTOR_NOTE, "boot",
			   "nothing to do; they cost a little on CPUs that stay with Linux",
			   "the kernel was booted with%s, which isles do not need: their CPUs have "
			   "left Linux",
			   found);
	else
		doctor_say(d, DOCTOR_OK, "boot", "",
			   "no isolcpus, nohz_full or the like, and none is needed");
	if (doctor_booted_with(d, "cpu0_hotplug") || doctor_booted_with(d, "nox2apic"))
		doctor_say(d, DOCTOR_NOTE, "boot", "",
			   "cpu0_hotplug and nox2apic are not needed for isles");
}

static void check_processor(struct doctor *d)
{
	char line[8192] = "", clock[32];
	FILE *file = doctor_open(d, "/proc/cpuinfo");

	while (file && fgets(line, sizeof(line), file) && strncmp(line, "flags", 5) != 0)
		;
	if (file)
		fclose(file);
	if (strncmp(line, "flags", 5) != 0)
		return;
	if (strstr(line, " la57"))
		doctor_say(d, DOCTOR_NOTE, "processor",
			   "if an isle does not come up, boot with no5lvl",
			   "it has five-level paging (LA57), which isles were not tried with");
	if (!strstr(line, " constant_tsc") || !strstr(line, " nonstop_tsc"))
		doctor_say(d, DOCTOR_NOTE, "processor",
			   "trust clocks of isles only where the TSC is invariant",
			   "its TSC is not announced as invariant, and isles' clocks come from it");
	if (doctor_text(d, clock, sizeof(clock),
			"/sys/devices/system/clocksource/clocksource0/current_clocksource") &&
	    strcmp(clock, "tsc") != 0)
		doctor_say(
			d, DOCTOR_NOTE, "processor", "see `dmesg | grep -i tsc' for the reason",
			"Linux's clock is %s, not the TSC: time in an isle may drift from Linux's",
			clock);
	if (strstr(line, " hypervisor"))
		doctor_say(
			d, DOCTOR_NOTE, "processor",
			"good for trying and testing; measure on bare metal",
			"this is a virtual machine: its host decides when an isle's cores really "
			"run");
}

static void check_watchdogs(struct doctor *d)
{
	char nmi[16], soft[16];

	doctor_text(d, nmi, sizeof(nmi), "/proc/sys/kernel/nmi_watchdog");
	doctor_text(d, soft, sizeof(soft), "/proc/sys/kernel/soft_watchdog");
	doctor_say(d, DOCTOR_OK, "watchdogs", "",
		   "NMI watchdog %s, soft lockup watchdog %s; neither looks at CPUs that have left",
		   nmi[0] == '1' ? "on" : "off", soft[0] == '1' ? "on" : "off");
}

void doctor_host(struct doctor *d)
{
	check_kernel(d);
	check_config(d);
	check_security(d);
	check_cmdline(d);
	check_processor(d);
	check_watchdogs(d);
}
