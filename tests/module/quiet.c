// SPDX-License-Identifier: MIT
/*
 * quiet.c - whatever Linux does on its own cores, an isle's cores take no interrupt.
 *
 *	quiet [SECONDS]
 *
 * The isle counts every interrupt of every vector from 32 up, and NMIs; the difference must be 0
 * while Linux broadcasts, shoots down TLBs and takes cores of its own off and on. How many
 * broadcasts there really were is read from Linux's counters: on each CPU other than the sender's,
 * of which Linux needs two, as it does not use the all-but-self form for a single one. Breakages it
 * catches: a reserved CPU left in the present mask (Linux then goes on with shorthands that reach
 * it), a logical id left in its interrupt controller, a timer or a routed interrupt left behind, a
 * doorbell sent for no reason.
 */
#include "isle.h"
#include "world.h"

#include <asm/ldt.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define BROADCASTS  2000u

static unsigned int seconds = 3;

static struct subject it;
static struct isle_counters before[16];
static unsigned int linux_cpus;

/* A row of /proc/interrupts such as "CAL": the count of each online CPU. How many there are. */
static unsigned int read_row(const char *name, unsigned long long counts[256])
{
	FILE *f = fopen("/proc/interrupts", "re");
	unsigned int n = 0;
	char line[4096];

	while (f && fgets(line, sizeof(line), f)) {
		char *at = line + strspn(line, " "), *end;

		if (strncmp(at, name, strlen(name)) || at[strlen(name)] != ':')
			continue;
		for (at += strlen(name) + 1; n < 256; at = end) {
			counts[n] = strtoull(at, &end, 10);
			if (end == at)
				break;
			n++;
		}
	}
	if (f)
		fclose(f);
	return n;
}

static unsigned long long row_sum(const char *name)
{
	unsigned long long counts[256], sum = 0;
	unsigned int i, n = read_row(name, counts);

	for (i = 0; i < n; i++)
		sum += counts[i];
	return sum;
}

/* Fewest calls that a CPU other than the first has got. */
static unsigned long long fewest_calls(void)
{
	unsigned long long counts[256], least = ~0ull;
	unsigned int i, n = read_row("CAL", counts);

	for (i = 1; i < n; i++)
		least = counts[i] < least ? counts[i] : least;
	return least;
}

/* An idle isle whose CPUs leave Linux at least three. */
static void start_quiet(void)
{
	struct isle_reserve r;
	struct isle_cpuset online;
	const char *cpus;
	char list[128];
	int fd;

	need_image();
	if (!places()->span[0])
		SKIP("the machine has fewer than two nodes with two CPUs");
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &online), 0);
	if (!dev_info().reserved_cpus) {
		cpus = cpus_count(&online) >= 6 ? places()->span : places()->far1;
		fd = dev_open();
		ASSERT_ERR(dev_reserve(fd, cpus, RESERVE_MIB, RESERVE_MIB,
				       ISLE_RESERVE_F_SPAN | ISLE_RESERVE_F_STRICT, &r), 0);
		dev_close(fd);
	}
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	cpus_parse(list, &online);
	linux_cpus = cpus_count(&online);
	if (linux_cpus < 3)
		SKIP("Linux needs three CPUs of its own to broadcast");
	cpus = dev_info().reserved_cpus == 3 ? places()->span : places()->far1;
	ASSERT(subject_run(&it, cpus, "idle"));
	/* What it still does after it said UP. */
	check_sleep_ms(200);
	ASSERT_EQ(dev_counters(it.id, before, 16), it.nr_cpus);
}

static void expect_quiet(void)
{
	struct isle_counters now[16];
	unsigned int row, vector;

	ASSERT_EQ(dev_counters(it.id, now, 16), it.nr_cpus);
	for (row = 0; row < it.nr_cpus; row++) {
		for (vector = 2; vector < 256; vector = vector == 2 ? 32 : vector + 1)
			EXPECT_THAT(now[row].vector[vector] == before[row].vector[vector],
				    "row %u took %llu interrupts of vector %#x", row,
				    (unsigned long long)(now[row].vector[vector] - before[row].vector[vector]),
				    vector);
		EXPECT_EQ(now[row].named[ISLE_COUNTER_INTERRUPTS] - before[row].named[ISLE_COUNTER_INTERRUPTS],
			  0);
	}
	/* The counters do count: a doorbell shows. */
	subject_answers(&it, 0);
	ASSERT_EQ(dev_counters(it.id, now, 16), it.nr_cpus);
	EXPECT_GT(now[0].vector[ISLE_VECTOR_DOORBELL], before[0].vector[ISLE_VECTOR_DOORBELL]);
	EXPECT_GT(now[0].named[ISLE_COUNTER_INTERRUPTS], before[0].named[ISLE_COUNTER_INTERRUPTS]);
	subject_close(&it);
}

static void pin_to(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void unpin(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	sched_setaffinity(0, sizeof(set), &set);
}

static volatile int stop_threads;

/* Visits a CPU now and then: Linux takes the process to be loaded there also while it sleeps. */
static void *visit(void *arg)
{
	pin_to((unsigned int)(uintptr_t)arg);
	while (!stop_threads)
		usleep(5000);
	return NULL;
}

/* Maps, touches, protects and unmaps: the other CPUs that run this process flush their TLBs. */
static void *shoot_down(void *arg)
{
	(void)arg;
	while (!stop_threads) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			continue;
		memset(p, 1, 64 << 10);
		mprotect(p, 64 << 10, PROT_READ);
		munmap(p, 1 << 20);
	}
	return NULL;
}

static void *barriers(void *arg)
{
	(void)arg;
	while (!stop_threads)
		syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
	return NULL;
}

static pthread_t threads[16];
static unsigned int nr_threads;

static void start_thread(void *(*run)(void *), uintptr_t arg)
{
	stop_threads = 0;
	ASSERT(nr_threads < sizeof(threads) / sizeof(threads[0]));
	ASSERT_EQ(pthread_create(&threads[nr_threads], NULL, run, (void *)arg), 0);
	nr_threads++;
}

static void end_threads(void)
{
	stop_threads = 1;
	while (nr_threads)
		pthread_join(threads[--nr_threads], NULL);
}

/* A thread that visits each CPU of Linux but CPU 0. */
static void visit_all(void)
{
	struct isle_cpuset online;
	char list[128];
	unsigned int cpu;

	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &online), 0);
	for (cpu = 1; cpu < 256; cpu++)
		if (cpus_has(&online, cpu))
			start_thread(visit, cpu);
	check_sleep_ms(50);
}

/* Changes the process's descriptor table: each CPU on which it is loaded must load the new one. */
static void broadcast(unsigned int n)
{
	struct user_desc desc = { .entry_number = 1, .limit = n & 0xff, .contents = 0 };

	ASSERT_EQ(syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc)), 0);
}

/*
 * A call to all CPUs but the caller's: there Linux uses the all-but-self form if it may. Switching
 * static keys would do it too, but where the machine is emulated that crashes Linux now and then,
 * with the module or without: a CPU executes a breakpoint that is no longer there.
 */
TEST(broadcasts)
{
	unsigned long long start, done = 0, end = check_now() + 90 * 1000000000ull;
	unsigned int n;

	start_quiet();
	pin_to(0);
	visit_all();
	start = fewest_calls();
	for (n = 0; done < BROADCASTS && check_now() < end; n++) {
		broadcast(n);
		if (n % 16 == 15)
			done = fewest_calls() - start;
	}
	end_threads();
	unpin();
	note("%llu broadcasts on %u CPUs of Linux, by %u changes", done, linux_cpus, n);
	EXPECT_GE(done, BROADCASTS);
	expect_quiet();
}

TEST(tlb_shoot_downs)
{
	unsigned long long start;
	unsigned int i;

	start_quiet();
	start = row_sum("TLB");
	for (i = 0; i < 3; i++)
		start_thread(shoot_down, 0);
	check_sleep_ms(seconds * 1000);
	end_threads();
	note("%llu TLB shoot-downs in %u s", row_sum("TLB") - start, seconds);
	EXPECT_GT(row_sum("TLB"), start);
	expect_quiet();
}

/* Linux takes its own CPUs off and on, and decides each time anew how it broadcasts. */
TEST(hotplug_of_other_cpus)
{
	unsigned long long end, start;
	struct isle_cpuset online;
	char list[128], path[96];
	unsigned int n = 0, cpu;

	start_quiet();
	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &online), 0);
	start = row_sum("CAL");
	start_thread(barriers, 0);
	start_thread(shoot_down, 0);
	end = check_now() + seconds * 1000000000ull;
	do {
		for (cpu = 1; cpu < 256; cpu++) {
			if (!cpus_has(&online, cpu))
				continue;
			snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
			EXPECT_ERR(file_write(path, "0"), 0);
			EXPECT_ERR(file_write(path, "1"), 0);
			n++;
		}
	} while (check_now() < end);
	end_threads();
	note("%u times a CPU of Linux went off and on, with %llu function calls", n,
	     row_sum("CAL") - start);
	EXPECT_GE(n, 2);
	expect_quiet();
}

/*
 * With Linux idle there is nothing at all: also what a tick or a timer of the isle's own would
 * show.
 */
TEST(silence)
{
	start_quiet();
	check_sleep_ms(seconds * 1000);
	expect_quiet();
}

int main(int argc, char **argv)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	if (argc > 1)
		seconds = (unsigned int)atoi(argv[1]);
	if (seconds < 1 || seconds > 60) {
		fprintf(stderr, "usage: quiet [SECONDS], from 1 to 60\n");
		return 2;
	}
	return check_main(&isle_hooks);
}
