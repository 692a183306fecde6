/* SPDX-License-Identifier: MIT */
/*
 * doctor_module.c - module, device, group, and the isle kernel's image: is everything installed,
 * and may users use it?
 */
#include "doctor.h"

#include "image.h"

#include <isle/boot.h>

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether modprobe would find it. */
static bool installed(const struct doctor *d)
{
	FILE *file = doctor_open(d, "/lib/modules/%s/modules.dep", d->release);
	const char *name;
	char line[4096];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, ":")] = 0;
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		found = !strncmp(name, "isle.ko", 7) && (!name[7] || name[7] == '.');
	}
	if (file)
		fclose(file);
	return found;
}

static void check_loaded(struct doctor *d)
{
	char path[DOCTOR_PATH];

	if (access(doctor_path(d, "/sys/module/isle", path), F_OK) == 0)
		doctor_say(d, DOCTOR_OK, "module", "", "isle is loaded");
	else if (installed(d))
		doctor_say(d, DOCTOR_NOTE, "module",
			   "`modprobe isle'; isle-reserve.service does it at boot",
			   "isle is installed for this kernel, but not loaded");
	else
		doctor_say(
			d, DOCTOR_PROBLEM, "module",
			"build it for this kernel: ./configure --with-linux=/lib/modules/$(uname "
			"-r)/build",
			"isle is neither loaded nor installed for Linux %s", d->release);
}

static void check_device(struct doctor *d)
{
	struct dev dev;
	struct stat st;
	char path[DOCTOR_PATH];
	int err;

	if (stat(doctor_path(d, "/dev/isle", path), &st)) {
		if (access(doctor_path(d, "/sys/module/isle", path), F_OK) == 0)
			doctor_say(d, DOCTOR_PROBLEM, "device",
				   "is /dev managed by udev or devtmpfs?",
				   "the module is loaded, but there is no /dev/isle");
		return;
	}
	err = dev_open(&dev);
	if (err) {
		doctor_say(d, DOCTOR_PROBLEM, "device", "", "%.400s", dev.why.text);
		return;
	}
	d->reserved_cpus = dev.info.reserved_cpus;
	doctor_say(d, DOCTOR_OK, "device", "",
		   "/dev/isle answers: ABI revision %u, %u CPUs and %llu MiB reserved",
		   dev.info.revision, dev.info.reserved_cpus,
		   (unsigned long long)(dev.info.reserved_mem >> 20));
	dev_close(&dev);
	if (st.st_mode & S_IWOTH)
		doctor_say(d, DOCTOR_PROBLEM, "device",
			   "chmod 660 /dev/isle, and look for the udev rule that opened it",
			   "everybody may open /dev/isle");
}

static void check_group(struct doctor *d)
{
	const struct group *group = getgrnam("isle");

	if (!group)
		doctor_say(d, DOCTOR_NOTE, "group",
			   "groupadd --system isle, then usermod -aG isle USER; the udev rule "
			   "60-isle.rules gives the device to it",
			   "there is no group isle: only root can use isles");
	else
		doctor_say(d, DOCTOR_OK, "group", "", "group isle has %s",
			   group->gr_mem[0] ? "members" : "no members yet besides root");
}

static void check_image(struct doctor *d)
{
	char path[IMAGE_PATH];
	struct why why;

	if (image_find(NULL, path, sizeof(path), &why) || image_check(path, ISLE_PLAT_MULTI, "bare cores", &why))
		doctor_say(d, DOCTOR_NOTE, "image",
			   "install the isle kernel, or name it with isle-run --image FILE",
			   "%.400s", why.text);
	else if (!image_trusted(path, &why))
		doctor_say(d, DOCTOR_NOTE, "image",
			   "chown root and chmod go-w it, on a file system without nosuid",
			   "only root can start isles: %.400s", why.text);
	else
		doctor_say(d, DOCTOR_OK, "image", "", "%.400s can be loaded by the group isle",
			   path);
}

void doctor_module(struct doctor *d)
{
	check_loaded(d);
	check_device(d);
	check_group(d);
	check_image(d);
}
