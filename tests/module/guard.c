// SPDX-License-Identifier: MIT
/*
 * guard.c - a core in the reserve stays the reserve's, whoever asks Linux for it.
 *
 * Breakage it catches: hotplug callbacks that let an administrator's `echo 1 > online` start Linux on a
 * core that waits in the park loop or runs an isle.
 */
#include "isle.h"
#include "world.h"

static int online_write(unsigned int cpu)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	/* A CPU that looks unplugged may have lost the file, which refuses as well. */
	return file_write(path, "1");
}

static void expect_refused(void)
{
	char before[256], after[256];
	struct isle_cpuset set;
	unsigned int cpu, tried = 0;

	file_text("/sys/devices/system/cpu/online", before, sizeof(before));
	ASSERT_EQ(cpus_parse(places()->span, &set), 0);
	for (cpu = 0; cpu < 1024; cpu++) {
		if (!cpus_has(&set, cpu))
			continue;
		EXPECT_LT(online_write(cpu), 0);
		tried++;
	}
	EXPECT_EQ(tried, 3);
	file_text("/sys/devices/system/cpu/online", after, sizeof(after));
	EXPECT_STR(after, before);
}

TEST(parked_cores_are_refused)
{
	need_reserve();
	expect_refused();
}

TEST(cores_of_an_isle_are_refused)
{
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->span, "idle"))
		return;
	expect_refused();
	EXPECT_EQ(wait_life(it.id, ISLE_LIFE_RUNNING, 100), ISLE_LIFE_RUNNING);
	subject_close(&it);
}

int main(void)
{
	return check_main(&isle_hooks);
}
