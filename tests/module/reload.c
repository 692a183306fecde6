// SPDX-License-Identifier: MIT
/*
 * reload.c - the module goes and comes, and takes nothing with it.
 *
 *	reload [ROUNDS]
 *
 * Free memory is compared while the module is not loaded, so that nothing it keeps for later can
 * excuse a leak. Breakages it catches: an unload that forgets pages, the interrupt, a hotplug or
 * reboot hook, or the reserve; an unload under an open file.
 */
#include "isle.h"
#include "world.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static unsigned int rounds = 2;
static struct world unloaded;
static char path[4096];

static int unload(void)
{
	return syscall(SYS_delete_module, "isle", O_NONBLOCK) < 0 ? -errno : 0;
}

static int load(void)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, "", 0) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static void find_module(void)
{
	const char *given = getenv("ISLE_MODULE"), *build = getenv("ISLE_BUILD");
	struct utsname name;

	uname(&name);
	if (given)
		snprintf(path, sizeof(path), "%s", given);
	else
		snprintf(path, sizeof(path), "%s/linux-module/%s/isle.ko", build ? build : ".",
			 name.release);
	if (access(path, R_OK))
		snprintf(path, sizeof(path), "%s/linux-module/isle.ko", build ? build : ".");
	if (access(path, R_OK))
		SKIP("there is no file of the module: neither $ISLE_MODULE nor $ISLE_BUILD/linux-module has it");
}

TEST(unload_is_refused_while_a_file_is_open)
{
	int fd = dev_open(), err;

	find_module();
	ASSERT_GE(fd, 0);
	err = unload();
	EXPECT_THAT(err == -EBUSY || err == -EAGAIN, "rmmod: %s", check_error(err));
	EXPECT_EQ(dev_info().revision, ISLE_ABI_REVISION);
	dev_close(fd);
}

TEST(unload_gives_the_reserve_back)
{
	struct world before, now;

	find_module();
	world_look(&before);
	need_reserve();
	ASSERT_ERR(unload(), 0);
	EXPECT(access(ISLE_DEVICE, F_OK) != 0);
	world_look(&now);
	EXPECT_STR(now.online, before.online);
	EXPECT_STR(now.present, before.present);
	ASSERT_ERR(load(), 0);
}

/* A whole life between load and unload. */
static void one_round(void)
{
	struct subject it;

	ASSERT_ERR(load(), 0);
	need_reserve();
	if (!subject_run(&it, places()->span, "idle"))
		return;
	subject_answers(&it, 0);
	subject_close(&it);
	ASSERT_ERR(unload(), 0);
}

TEST(rounds_leave_nothing_behind)
{
	unsigned int i;

	find_module();
	need_image();
	ASSERT_ERR(unload(), 0);
	one_round();
	memset(&unloaded, 0, sizeof(unloaded));
	file_write("/proc/sys/vm/drop_caches", "3");
	check_sleep_ms(200);
	world_look(&unloaded);
	for (i = 0; i < rounds && !check_state.failures; i++)
		one_round();
	world_expect(&unloaded);
	EXPECT_ERR(load(), 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		rounds = (unsigned int)atoi(argv[1]);
	return check_main(&isle_hooks);
}
