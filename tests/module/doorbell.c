// SPDX-License-Identifier: MIT
/*
 * doorbell.c - rings in both directions arrive, also while Linux moves the interrupt to another CPU
 * or vector.
 *
 * Breakages it catches: a handler that loses reasons, a poll that is not woken, a route that is not
 * published again (or published before the new vector works) when the interrupt moves, a doorbell
 * that reaches the wrong row.
 */
#include "isle.h"
#include "world.h"

#include <poll.h>

#define RINGS  1000u
#define MANY_RINGS  20000u

static unsigned int line_irq;     /* Linux's number of the interrupt */
static unsigned long long line_count;

/* Finds the isle's line in /proc/interrupts: number and sum over all CPUs. */
static int read_line(void)
{
	FILE *f = fopen("/proc/interrupts", "re");
	char line[4096];
	int found = 0;

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *at = strchr(line, ':'), *end;

		if (!at || !strcasestr(line, "isle"))
			continue;
		line_irq = (unsigned int)atoi(line);
		line_count = 0;
		for (at++; ; at = end) {
			unsigned long long n = strtoull(at, &end, 10);

			if (end == at)
				break;
			line_count += n;
		}
		found = 1;
	}
	if (f)
		fclose(f);
	return found;
}

/* Takes the isle's rings until all are noticed; how often poll said so. */
static unsigned int take_rings(const struct subject *it, uint64_t *bells)
{
	unsigned long long end = check_now() + 2 * SOON_MS * 1000000ull;
	unsigned int wakes = 0;
	struct isle_events ev;

	for (;;) {
		struct pollfd p = { .fd = it->fd, .events = POLLIN };
		int n = poll(&p, 1, (int)SOON_MS);

		if (!EXPECT_THAT(n == 1, "poll waited in vain after %u wakes", wakes))
			break;
		if (p.revents & POLLIN) {
			ASSERT_ERR(dev_events(it->fd, &ev), 0);
			wakes++;
			*bells |= ev.bells;
		}
		if (p.revents & POLLHUP)
			break;
		if (!EXPECT_THAT(check_now() < end, "the isle still rings after %u wakes", wakes))
			break;
	}
	return wakes;
}

/* The isle rings, waits until Linux took the reason, rings again; then it stops. */
TEST(every_ring_of_the_isle_is_noticed)
{
	uint64_t bells = 0, before = dev_info().doorbells;
	struct isle_stat st;
	struct subject it;
	unsigned int wakes;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "inject=ring rings=1000 stop"))
		return;
	wakes = take_rings(&it, &bells);
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_STOPPED);
	ASSERT_ERR(dev_stat(it.id, &st), 0);
	note("%llu interrupts, %u wakes of poll", (unsigned long long)st.doorbells, wakes);
	EXPECT_GE(st.doorbells, RINGS);
	EXPECT_GE(dev_info().doorbells, before + RINGS);
	EXPECT_GE(counter_sum(it.id, 2, ISLE_COUNTER_DOORBELLS_OUT), RINGS);
	EXPECT_GE(wakes, 1);
	EXPECT(bells & ISLE_BELL_STATE);
}

/* EVENTS takes: a reason is told once, and POLLIN ends with it. */
TEST(events_are_taken_once)
{
	struct isle_events ev;
	struct pollfd p;
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "idle"))
		return;
	/* What it rang for when it came up. */
	check_sleep_ms(100);
	ASSERT_ERR(dev_events(it.fd, &ev), 0);
	EXPECT_EQ(ev.state, ISLE_LIFE_RUNNING);
	p.fd = it.fd;
	p.events = POLLIN;
	EXPECT_EQ(poll(&p, 1, 100), 0);
	ASSERT_ERR(dev_events(it.fd, &ev), 0);
	EXPECT_EQ(ev.bells, 0);
	EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, NULL), 0);
	EXPECT_EQ(poll(&p, 1, (int)SOON_MS), 1);
	EXPECT(p.revents & POLLHUP);
	ASSERT_ERR(dev_events(it.fd, &ev), 0);
	EXPECT_EQ(ev.state, ISLE_LIFE_STOPPED);
}

static int set_affinity(const char *cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity_list", line_irq);
	return file_write(path, cpu);
}

/* A child of its own moves the interrupt among Linux's CPUs while the isle rings. */
static pid_t fork_mover(int by_hotplug)
{
	unsigned int cpu, free_cpu = 0, n;
	struct isle_cpuset online;
	char list[128], path[64];
	pid_t pid = child_fork();

	if (pid)
		return pid;
	dev_close_all();
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	cpus_parse(list, &online);
	for (cpu = 1; cpu < 256 && !free_cpu; cpu++)
		if (cpus_has(&online, cpu))
			free_cpu = cpu;
	snprintf(list, sizeof(list), "%u", free_cpu);
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", free_cpu);
	for (n = 0; ; n++) {
		if (!by_hotplug) {
			set_affinity(n % 2 ? "0" : list);
		} else {
			/* Onto it, then away from under it. */
			set_affinity(list);
			check_sleep_ms(2);
			file_write(path, "0");
			file_write(path, "1");
		}
		check_sleep_ms(2);
	}
}

static void ring_while_moving(int by_hotplug)
{
	struct isle_cpuset online;
	unsigned long long before;
	struct isle_stat st;
	struct subject it;
	char list[128];
	pid_t mover;

	need_image();
	need_reserve();
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &online), 0);
	if (cpus_count(&online) < 2)
		SKIP("Linux has but one CPU beside the reserve: its interrupt cannot move");
	ASSERT_THAT(read_line(), "/proc/interrupts does not name the isle's interrupt");
	before = line_count;
	mover = fork_mover(by_hotplug);
	/* Nobody asks for events meanwhile: that would take reasons whose interrupt was lost. */
	if (subject_run(&it, places()->far, "inject=ring rings=20000 stop")) {
		EXPECT_EQ(wait_end(it.id, 2 * SOON_MS), ISLE_LIFE_STOPPED);
		ASSERT_ERR(dev_stat(it.id, &st), 0);
		EXPECT(read_line());
		note("%llu reasons taken, %llu interrupts counted on the CPUs that are online",
		     (unsigned long long)st.doorbells, line_count - before);
		EXPECT_GE(counter_sum(it.id, 2, ISLE_COUNTER_DOORBELLS_OUT), MANY_RINGS);
		EXPECT_GE(st.doorbells, MANY_RINGS);
	}
	kill(mover, SIGKILL);
	child_wait(mover, SOON_MS);
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	for (unsigned int cpu = 1; cpu < 256; cpu++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
		if (cpus_has(&online, cpu))
			file_write(path, "1");
	}
}

TEST(nothing_is_lost_while_the_interrupt_moves)
{
	ring_while_moving(0);
}

TEST(nothing_is_lost_while_its_cpu_goes_offline)
{
	ring_while_moving(1);
}

TEST(every_ring_of_linux_is_heard)
{
	struct isle_counters rows[2], now[2];
	struct subject it;
	unsigned int i, row;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far, "idle"))
		return;
	ASSERT_EQ(dev_counters(it.id, rows, 2), 2);
	for (i = 0; i < RINGS && !check_state.failures; i++) {
		row = i % 2;
		/* One after the other: two that meet in the interrupt controller are one. */
		subject_answers(&it, row);
	}
	ASSERT_EQ(dev_counters(it.id, now, 2), 2);
	for (row = 0; row < 2; row++) {
		EXPECT_EQ(now[row].named[ISLE_COUNTER_DOORBELLS_IN] - rows[row].named[ISLE_COUNTER_DOORBELLS_IN],
			  RINGS / 2);
		EXPECT_EQ(now[row].vector[ISLE_VECTOR_DOORBELL] - rows[row].vector[ISLE_VECTOR_DOORBELL],
			  RINGS / 2);
		EXPECT_EQ(now[row].named[ISLE_COUNTER_FOREIGN] - rows[row].named[ISLE_COUNTER_FOREIGN], 0);
	}
}

int main(void)
{
	return check_main(&isle_hooks);
}
