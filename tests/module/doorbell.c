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
#define SLACK  3u

static unsigned int line_irq;     /* Linux's number of the interrupt */

/* Finds the isle's line in /proc/interrupts. */
static int read_line(void)
{
	FILE *f = fopen("/proc/interrupts", "re");
	char line[4096];
	int found = 0;

	while (f && !found && fgets(line, sizeof(line), f)) {
		if (!strchr(line, ':') || !strcasestr(line, "isle"))
			continue;
		line_irq = (unsigned int)atoi(line);
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

/* The CPU that takes the interrupt now, by Linux's account. */
static unsigned int holder(void)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/irq/%u/effective_affinity_list", line_irq);
	return (unsigned int)atoi(file_text(path, text, sizeof(text)));
}

static int move_to(unsigned int cpu)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity_list", line_irq);
	snprintf(text, sizeof(text), "%u", cpu);
	return file_write(path, text);
}

static int set_online(unsigned int cpu, const char *on)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	return file_write(path, on);
}

/* By the isle's own counters: whoever asks STAT, EVENTS or poll takes what it rang for. */
static uint64_t rings_of(const struct subject *it)
{
	return counter_sum(it->id, it->nr_cpus, ISLE_COUNTER_DOORBELLS_OUT);
}

/* A ring that nobody took costs the isle a second, so this many in time are rings that arrive. */
static int expect_progress(const struct subject *it, const char *after)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	uint64_t from = rings_of(it);

	while (rings_of(it) < from + 100) {
		if (check_now() > end)
			return EXPECT_THAT(0, "the isle's rings do not arrive after %s", after);
		check_sleep_ms(1);
	}
	return 1;
}

/*
 * The interrupt goes to the CPU, and away again: by a wish, or because the CPU goes offline. Each
 * time it must have arrived at its new place before the next move.
 */
static unsigned int move_around(const struct subject *it, unsigned int cpu, int by_hotplug)
{
	unsigned long long end = check_now() + 3 * 1000000000ull;
	unsigned int moves = 0;

	while (check_now() < end && !check_state.failures) {
		unsigned int was = holder();

		/* Refused while the last move is not through: that is Linux's way, not ours. */
		if (!by_hotplug || was == 0)
			move_to(was == cpu ? 0 : cpu);
		if (!expect_progress(it, "a wish to move"))
			break;
		moves += holder() != was;
		was = holder();
		/* CPU 0 cannot go offline. */
		if (!by_hotplug || was == 0)
			continue;
		EXPECT_ERR(set_online(was, "0"), 0);
		expect_progress(it, "its CPU went offline");
		EXPECT_NE(holder(), was);
		moves += holder() != was;
		EXPECT_ERR(set_online(was, "1"), 0);
	}
	return moves;
}

static void ring_while_moving(int by_hotplug)
{
	struct isle_cpuset online;
	unsigned int cpu, moves;
	struct isle_stat st;
	struct subject it;
	uint64_t rung;
	char list[128];

	need_image();
	need_reserve();
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &online), 0);
	if (cpus_count(&online) < 2)
		SKIP("Linux has but one CPU beside the reserve: its interrupt cannot move");
	for (cpu = 1; !cpus_has(&online, cpu); cpu++)
		;
	ASSERT_THAT(read_line(), "/proc/interrupts does not name the isle's interrupt");
	if (!subject_run(&it, places()->far, "inject=ring rings=1000000000"))
		return;
	moves = move_around(&it, cpu, by_hotplug);
	ASSERT_ERR(dev_stop(it.fd, SOON_MS, 0, NULL), 0);
	rung = rings_of(&it);
	ASSERT_ERR(dev_stat(it.id, &st), 0);
	note("the interrupt moved %u times; of %llu rings %llu were noticed one by one", moves,
	     (unsigned long long)rung, (unsigned long long)st.doorbells);
	EXPECT_GE(moves, by_hotplug ? 1 : 2);
	/* The first and the last few come together with a change of state. */
	EXPECT_LE(rung, st.doorbells + SLACK);
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
