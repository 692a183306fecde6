// SPDX-License-Identifier: MIT
/*
 * fuzz_ioctl.c - random commands from many threads, files and processes that are killed at any
 * moment.
 *
 *	fuzz_ioctl [SECONDS [SEED]]
 *
 * Fields are biased to values that get past the first check. Whatever happens, the machine lives,
 * its kernel has nothing to complain of, and in the end cores and memory are all back. The seed
 * decides what each thread tries; what meets what is up to the scheduler. Breakages it catches:
 * missing locks, use of an isle that another thread closes, states that nobody thought of, waits
 * that a killed process does not leave.
 */
#include "fuzz.h"
#include "world.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define WORKERS  3u
#define THREADS  3u

static unsigned int seconds = 10;
static uint64_t seed;

static int trash[2];             /* of a worker: a pipe that is never read for long */

/* Of all processes: how often each command was tried, and worked. */
static struct tally {
	uint32_t tried, worked;
} *tally;

/*
 * Those that bring an isle on its way come often, those that move cores seldom, for they take long.
 */
static const struct { unsigned long cmd; unsigned int weight; } weights[] = {
	{ ISLE_IOC_INFO, 4 }, { ISLE_IOC_WHY, 4 }, { ISLE_IOC_RESERVE, 2 }, { ISLE_IOC_RELEASE, 1 },
	{ ISLE_IOC_CREATE, 40 }, { ISLE_IOC_LOAD, 40 }, { ISLE_IOC_START, 30 }, { ISLE_IOC_STOP,
										  8 },
	{ ISLE_IOC_RING, 20 }, { ISLE_IOC_EVENTS, 10 }, { ISLE_IOC_LIST, 5 }, { ISLE_IOC_STAT, 10 },
	{ ISLE_IOC_LOG, 10 }, { ISLE_IOC_COUNTERS, 10 }, { ISLE_IOC_RESERVED, 5 }, { ISLE_IOC_WAIT,
										     10 },
	{ ISLE_IOC_PIN, 10 }, { ISLE_IOC_UNPIN, 5 },
	{ ISLE_IOC_DIRTY, 5 },
};

static unsigned long some_command(struct thread *t)
{
	uint32_t i, total = 0, at;

	for (i = 0; i < sizeof(weights) / sizeof(weights[0]); i++)
		total += weights[i].weight;
	at = below(t, total);
	for (i = 0; at >= weights[i].weight; i++)
		at -= weights[i].weight;
	return weights[i].cmd;
}

static void tally_add(unsigned long cmd, int result)
{
	struct tally *of = &tally[_IOC_NR(cmd) % 32];

	__atomic_fetch_add(&of->tried, 1, __ATOMIC_RELAXED);
	if (result >= 0)
		__atomic_fetch_add(&of->worked, 1, __ATOMIC_RELAXED);
}

static void one_command(struct thread *t)
{
	unsigned long cmd = some_command(t);
	unsigned char *arg = t->arena;
	uint32_t size = _IOC_SIZE(cmd), i;

	fill(t, cmd, arg);
	if (rarely(t, 12))
		for (i = 1 + below(t, 4); i; i--)
			arg[below(t, size)] = (unsigned char)rnd(t);
	if (rarely(t, 100))
		for (i = 0; i < size; i++)
			arg[i] = (unsigned char)rnd(t);
	if (cmd == ISLE_IOC_RESERVE)
		((struct isle_reserve *)(void *)arg)->flags |= ISLE_RESERVE_F_STRICT;
	if (rarely(t, 40))
		cmd = _IOC(below(t, 4), ISLE_IOC_TYPE, below(t, 32), below(t, 512));
	tally_add(cmd, ioctl(fuzz_files[below(t, FUZZ_FILES)], cmd, pointer(t, 0)));
}

/* Most orders lead nowhere: this one brings an isle to life, unless other threads get in between. */
static void one_life(struct thread *t)
{
	struct isle_mem mem = { .node = below(t, 2), .size = 32 * MIB };
	struct isle_create c = { .node = ISLE_NODE_ANY, .mem_ptr = (uintptr_t)&mem };
	struct isle_load l = { .image_fd = fuzz_image };
	struct isle_start s = { .timeout_ms = 100 + below(t, 400) };
	struct isle_pin p = { .uva = (uintptr_t)fuzz_shared, .len = 0x10000, .flags = below(t, 2) };
	const char *line = some_cmdline(t);
	int fd = fuzz_files[below(t, FUZZ_FILES)];
	uint32_t i;

	c.nr_cpus = 1 + below(t, 2);
	c.nr_mem = 1;
	l.cmdline_ptr = (uintptr_t)line;
	tally_add(ISLE_IOC_CREATE, ioctl(fd, ISLE_IOC_CREATE, &c));
	tally_add(ISLE_IOC_LOAD, ioctl(fd, ISLE_IOC_LOAD, &l));
	tally_add(ISLE_IOC_START, ioctl(fd, ISLE_IOC_START, &s));
	tally_add(ISLE_IOC_PIN, ioctl(fd, ISLE_IOC_PIN, &p));
	for (i = below(t, 20); i; i--)
		one_command(t);
}

/* Maps somewhere and lets a system call touch it: the fault is an error then, no signal. */
static void one_mapping(struct thread *t)
{
	uint64_t size = ISLE_GRANULE_SIZE << below(t, 4), at = ISLE_GRANULE_SIZE * below(t, 40);
	char *p, buf[4096];

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, rarely(t, 10) ? MAP_PRIVATE : MAP_SHARED,
		 fuzz_files[below(t, FUZZ_FILES)], (off_t)at);
	if (p == MAP_FAILED)
		return;
	for (at = 0; at < size; at += ISLE_GRANULE_SIZE) {
		if (write(trash[1], p + at + below(t, 400) * 4096, 64) == 64 &&
		    read(trash[0], rarely(t, 4) ? p + at + 0x100000 : buf, 64) < 0 &&
		    read(trash[0], buf, sizeof(buf)) < 0)
			break;
	}
	munmap(p, size);
}

static void *run_thread(void *arg)
{
	struct thread *t = arg;

	for (;;) {
		if (rarely(t, 20)) {
			uint32_t i = below(t, FUZZ_FILES);
			int old = fuzz_files[i];

			fuzz_files[i] = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);
			if (old >= 0)
				close(old);
		} else if (rarely(t, 30)) {
			one_mapping(t);
		} else if (rarely(t, 10)) {
			one_life(t);
		} else {
			one_command(t);
		}
	}
	return NULL;
}

static pid_t fork_worker(uint64_t number)
{
	static struct thread threads[THREADS];
	pid_t pid = child_fork();
	unsigned int i;

	if (pid)
		return pid;
	fuzz_image = open(image_path(), O_RDONLY | O_CLOEXEC);
	fuzz_shared = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			   0);
	if (fuzz_image < 0 || fuzz_shared == MAP_FAILED || pipe2(trash, O_NONBLOCK))
		_exit(1);
	for (i = 0; i < FUZZ_FILES; i++)
		fuzz_files[i] = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);
	for (i = 0; i < THREADS; i++) {
		pthread_t thread;

		threads[i].state = (seed + number * THREADS + i + 1) * 0x9e3779b97f4a7c15ull;
		threads[i].arena = mmap(NULL, 0x12000, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (threads[i].arena == MAP_FAILED)
			_exit(1);
		mprotect(threads[i].arena + 0x10000, 0x1000, PROT_READ);
		munmap(threads[i].arena + 0x11000, 0x1000);
		if (i + 1 < THREADS)
			pthread_create(&thread, NULL, run_thread, &threads[i]);
	}
	run_thread(&threads[THREADS - 1]);
	_exit(0);
}

/* Whether the chance is any good: what worked, of what was tried. */
static void note_tally(void)
{
	static const char *const names[] = {
		"INFO", "WHY", "RESERVE", "RELEASE", "CREATE", "LOAD", "START", "STOP", "RING",
		"EVENTS", "LIST", "STAT", "LOG", "COUNTERS", "RESERVED", "WAIT", "PIN", "UNPIN", "DIRTY",
	};
	char line[1024];
	size_t i, at = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s %s %u/%u",
				       i % 6 ? "," : i ? "\n" : "",
				       names[i], tally[i].worked, tally[i].tried);
	note("worked and tried:\n%s", line);
}

TEST(random_commands)
{
	static const char stop_ms[] = "/sys/module/isle/parameters/stop_ms";
	char normal[32];
	unsigned long long end = check_now() + seconds * 1000000000ull;
	struct thread chance = { .state = seed | 1 };
	unsigned int n = 0, i, ended = 0;
	pid_t workers[WORKERS];

	need_image();
	need_reserve();
	note("seed %llu: to try again, run fuzz_ioctl %u %llu", (unsigned long long)seed, seconds,
	     (unsigned long long)seed);
	check_limit(seconds + 2 * CHECK_SECONDS);
	tally = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(tally != MAP_FAILED);
	/* A hung isle shall not hold its cores for a tenth of the time there is. */
	file_text(stop_ms, normal, sizeof(normal));
	file_write(stop_ms, "100");
	for (i = 0; i < WORKERS; i++)
		workers[i] = fork_worker(n++);
	while (check_now() < end) {
		int status;

		check_sleep_ms(100 + below(&chance, 700));
		i = below(&chance, WORKERS);
		kill(workers[i], SIGKILL);
		status = child_wait(workers[i], SOON_MS);
		ASSERT_THAT(status >= 0, "a killed worker does not die");
		ended += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
		workers[i] = fork_worker(n++);
	}
	kill_children();
	file_write(stop_ms, normal);
	note("%u workers, %u of which ended before they were killed", n, ended);
	note_tally();
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds = (unsigned int)atoi(argv[1]);
	seed = argc > 2 ? strtoull(argv[2], NULL,
				   0) : (uint64_t)time(NULL) * 1000 + (uint64_t)getpid();
	if (seconds < 1 || seconds > 86400) {
		fprintf(stderr, "usage: fuzz_ioctl [SECONDS [SEED]]\n");
		return 2;
	}
	return check_main(&isle_hooks);
}
