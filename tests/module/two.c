// SPDX-License-Identifier: MIT
/*
 * two.c - isles of several shapes, and two at once that do not know of each other.
 *
 * Breakages it catches: cores or memory of one isle given to another, memory of the wrong node, a
 * stop or reap that reaches beyond its isle, one-core and odd-sized isles, a reserve cut into
 * pieces that does not grow together.
 */
#include "isle.h"
#include "world.h"

/* The isle is on these CPUs and has this much memory of each node. */
static void expect_shape(const struct subject *it, const char *cpus, unsigned int mib0,
			 unsigned int mib1)
{
	struct isle_cpuset want;
	struct isle_stat st;
	char list[128];

	if (!EXPECT_ERR(dev_stat(it->id, &st), 0) || !EXPECT_ERR(cpus_parse(cpus, &want), 0))
		return;
	cpus_format(&st.cpus, list, sizeof(list));
	EXPECT_THAT(!memcmp(&st.cpus, &want, sizeof(want)), "it has CPUs %s, not %s", list, cpus);
	EXPECT_EQ(st.mem_node[0], mib0 * MIB);
	EXPECT_EQ(st.mem_node[1], mib1 * MIB);
	EXPECT_EQ(st.mem_size, (mib0 + mib1) * MIB);
	EXPECT_EQ(st.owner_pid, getpid());
	EXPECT_EQ(st.owner_uid, getuid());
	EXPECT_EQ(st.reaped, 0);
	EXPECT_STR(st.why, "");
}

TEST(two_nodes_two_isles)
{
	struct subject a, b;
	struct isle_stop stop;

	need_image();
	need_reserve();
	if (!subject_run(&a, places()->near, "idle") || !subject_run(&b, places()->far, "idle"))
		return;
	EXPECT_NE(a.id, b.id);
	expect_shape(&a, places()->near, SUBJECT_MIB, 0);
	expect_shape(&b, places()->far, 0, SUBJECT_MIB);
	EXPECT_EQ(dev_info().nr_isles, 2);
	subject_answers(&a, 0);
	subject_answers(&b, 0);
	EXPECT_ERR(dev_stop(a.fd, SOON_MS, 0, &stop), 0);
	subject_answers(&b, 0);
	subject_close(&a);
	subject_answers(&b, 0);
	/* The first one's place is free again while the second runs. */
	if (subject_run(&a, places()->near, "idle"))
		subject_answers(&a, 0);
	EXPECT_ERR(dev_stop(b.fd, SOON_MS, ISLE_STOP_F_NOW, &stop), 0);
	subject_answers(&a, 0);
}

TEST(one_core)
{
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far1, "idle"))
		return;
	expect_shape(&it, places()->far1, 0, SUBJECT_MIB);
	subject_answers(&it, 0);
}

TEST(three_cores_of_two_nodes)
{
	struct isle_counters rows[3];
	struct subject it;
	uint32_t row;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->span, "idle"))
		return;
	expect_shape(&it, places()->span, SUBJECT_MIB, SUBJECT_MIB);
	memset(rows, 0, sizeof(rows));
	EXPECT_EQ(dev_counters(it.id, rows, 3), 3);
	/* Every core can be rung, and only that one hears it. */
	for (row = 0; row < 3; row++) {
		unsigned long long end = check_now() + SOON_MS * 1000000ull;
		struct isle_counters now[3];
		uint32_t other;

		EXPECT_ERR(dev_ring(it.fd, row), 0);
		do {
			dev_counters(it.id, now, 3);
		} while (now[row].vector[ISLE_VECTOR_DOORBELL] == rows[row].vector[ISLE_VECTOR_DOORBELL] &&
			 check_now() < end);
		for (other = 0; other < 3; other++)
			EXPECT_EQ(now[other].vector[ISLE_VECTOR_DOORBELL],
				  rows[other].vector[ISLE_VECTOR_DOORBELL] + (other == row));
		memcpy(rows, now, sizeof(rows));
	}
}

/* Three isles of one core each, ended in another order than begun. */
TEST(three_isles_at_once)
{
	const char *cpus[3] = { places()->near, places()->far0, places()->far1 };
	struct subject it[3];
	unsigned int i;

	need_image();
	need_reserve();
	for (i = 0; i < 3; i++)
		if (!subject_run(&it[i], cpus[i], "idle"))
			return;
	EXPECT_EQ(dev_info().free_cpus, 0);
	subject_close(&it[1]);
	subject_answers(&it[0], 0);
	subject_answers(&it[2], 0);
	subject_close(&it[0]);
	subject_answers(&it[2], 0);
	if (subject_run(&it[1], places()->far0, "idle"))
		subject_answers(&it[1], 0);
}

/* By number: the module chooses cores, all of one node. */
TEST(cores_by_number)
{
	struct isle_mem mem = { .node = 1, .size = SUBJECT_MIB * MIB };
	struct isle_create c;
	char list[128];
	int fd;

	need_reserve();
	fd = dev_open();
	memset(&c, 0, sizeof(c));
	c.nr_cpus = 2;
	c.node = 1;
	c.mem_ptr = (uintptr_t)&mem;
	c.nr_mem = 1;
	EXPECT_ERR(dev_call(fd, ISLE_IOC_CREATE, &c), 0);
	cpus_format(&c.cpus, list, sizeof(list));
	EXPECT_STR(list, places()->far);
	EXPECT_EQ(c.mem_size, SUBJECT_MIB * MIB);
	dev_close(fd);
}

/* The isle kernel's own tests, and its way to end by itself. */
TEST(selftest_of_the_isle_kernel)
{
	struct isle_stat st;
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->span, "selftest stop"))
		return;
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_STOPPED);
	EXPECT_ERR(dev_stat(it.id, &st), 0);
	EXPECT_EQ(st.exit_code, 0);
	if (check_state.failures)
		note("%s\n%s", st.why, log_text(it.id, NULL));
}

TEST(exit_status_arrives)
{
	struct isle_stat st;
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "stop exit=7"))
		return;
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_STOPPED);
	EXPECT_ERR(dev_stat(it.id, &st), 0);
	EXPECT_EQ(st.exit_code, 7 << 8);
}

int main(void)
{
	return check_main(&isle_hooks);
}
