// SPDX-License-Identifier: MIT
/*
 * cycle.c - cores and memory go to an isle and come back, many times over.
 *
 *	cycle [CYCLES]
 *
 * Breakages it catches: a CPU that does not come back or is missing in the present mask, a granule
 * that is not freed, a start or stop that works once only, state left in a core by the isle before.
 * The times of each phase are printed as comments; the script that runs this unloads and loads the
 * module between rounds.
 */
#include "isle.h"
#include "world.h"

#include <sched.h>

#define MAX_CYCLES  1000u

enum phase { OFFLINE, PARK, MEMORY, CREATE, LOAD, START, STOP, CLOSE, ONLINE, FREE, NR_PHASES };

static const char *const phase_names[NR_PHASES] = {
	"offline", "park", "memory", "create", "load", "start", "stop", "close", "online", "free",
};

static uint64_t ns[NR_PHASES][MAX_CYCLES];
static unsigned int cycles = 5, done;

static uint64_t since(unsigned long long start)
{
	return check_now() - start;
}

/* Reserve to close; 1 if all of it worked. */
static int run_one(unsigned int n, struct isle_reserve *r, struct isle_stat *st)
{
	struct subject it = { .fd = -1 };
	struct isle_create c;
	struct isle_stop stop;
	unsigned long long at;
	int ok;

	it.fd = dev_open();
	if (!EXPECT_GE(it.fd, 0))
		return 0;
	ok = EXPECT_ERR(dev_reserve(it.fd, places()->span, RESERVE_MIB, RESERVE_MIB,
				    ISLE_RESERVE_F_SPAN | ISLE_RESERVE_F_STRICT, r), 0);
	at = check_now();
	ok = ok && EXPECT_ERR(dev_create(it.fd, places()->span, SUBJECT_MIB, SUBJECT_MIB,
					 ISLE_CREATE_F_SPAN, &c), 0);
	ns[CREATE][n] = since(at);
	at = check_now();
	ok = ok && EXPECT_ERR(dev_load(it.fd, "idle", &it.load), 0);
	ns[LOAD][n] = since(at);
	ok = ok && EXPECT_ERR(dev_start(it.fd, SOON_MS, &it.start_ns), 0);
	ns[START][n] = it.start_ns;
	ok = ok && EXPECT_ERR(dev_stat(c.isle_id, st), 0) && EXPECT_EQ(st->life, ISLE_LIFE_RUNNING);
	ok = ok && EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, &stop), 0) && EXPECT_EQ(stop.forced, 0);
	ns[STOP][n] = stop.stop_ns;
	ok = ok && EXPECT_ERR(dev_stat(c.isle_id, st), 0) && EXPECT_EQ(st->life, ISLE_LIFE_STOPPED);
	if (!ok)
		note("why: %s", dev_why(it.fd));
	at = check_now();
	subject_close(&it);
	ns[CLOSE][n] = since(at);
	return ok;
}

/* The reserve goes back; the machine is complete at once, not only in the end. */
static int release_one(unsigned int n, const struct isle_reserve *r, const struct world *before)
{
	struct isle_release rel;
	struct world now;
	int fd = dev_open(), ok;

	ok = EXPECT_ERR(dev_release(fd, &rel), 0);
	if (!ok)
		note("why: %s", dev_why(fd));
	dev_close(fd);
	ok = ok && EXPECT_EQ(rel.cpus, 3) && EXPECT_EQ(rel.mem, 2 * RESERVE_MIB * MIB);
	world_look(&now);
	ok = ok && EXPECT_STR(now.online, before->online) && EXPECT_STR(now.present,
									before->present);
	ns[OFFLINE][n] = r->offline_ns;
	ns[PARK][n] = r->park_ns;
	ns[MEMORY][n] = r->memory_ns;
	ns[ONLINE][n] = rel.online_ns;
	ns[FREE][n] = rel.memory_ns;
	return ok;
}

TEST(cores_and_memory_go_and_come_back)
{
	struct isle_reserve r;
	struct isle_stat st;
	struct world before;

	need_image();
	if (!places()->span[0])
		SKIP("the machine has fewer than two nodes with two CPUs");
	world_look(&before);
	for (done = 0; done < cycles; done++) {
		check_limit(CHECK_SECONDS);
		if (!run_one(done, &r, &st) || !release_one(done, &r, &before))
			break;
		/* What the cycle has got is what it had asked for. */
		if (!EXPECT_EQ(st.nr_cpus, 3) || !EXPECT_EQ(st.mem_size, 2 * SUBJECT_MIB * MIB))
			break;
		if (done == 0)
			world_look(&before);
	}
	EXPECT_EQ(done, cycles);
	check_limit(CHECK_SECONDS);
}

/* A CPU that came back but does not run tasks would pass all the comparisons. */
TEST(cpus_that_came_back_run_tasks)
{
	struct isle_cpuset set;
	char list[128];
	unsigned int cpu;

	file_text("/sys/devices/system/cpu/online", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &set), 0);
	for (cpu = 0; cpu < 256; cpu++) {
		cpu_set_t one;
		int status;
		pid_t pid;

		if (!cpus_has(&set, cpu))
			continue;
		pid = child_fork();
		if (pid == 0) {
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			if (sched_setaffinity(0, sizeof(one), &one))
				_exit(1);
			usleep(1000);
			_exit(sched_getcpu() != (int)cpu);
		}
		status = child_wait(pid, SOON_MS);
		EXPECT_THAT(status == 0, "CPU %u runs no task: status %d", cpu, status);
	}
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void print_times(void)
{
	unsigned int phase;

	for (phase = 0; phase < NR_PHASES && done; phase++) {
		qsort(ns[phase], done, sizeof(ns[phase][0]), by_size);
		note("time of %-8s median %10.3f ms, max %10.3f ms", phase_names[phase],
		     (double)ns[phase][done / 2] / 1e6, (double)ns[phase][done - 1] / 1e6);
	}
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1)
		cycles = (unsigned int)atoi(argv[1]);
	if (cycles < 1 || cycles > MAX_CYCLES) {
		fprintf(stderr, "usage: cycle [CYCLES], from 1 to %u\n", MAX_CYCLES);
		return 2;
	}
	status = check_main(&isle_hooks);
	print_times();
	return status;
}
