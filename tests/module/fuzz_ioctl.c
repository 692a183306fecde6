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
#include "isle.h"
#include "world.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define WORKERS  3u
#define THREADS  3u
#define FILES    4u

static unsigned int seconds = 10;
static uint64_t seed;

/* Of one worker process, shared by its threads without locks, as a careless program would. */
static int files[FILES];
static int image;
static char *shared;             /* 64 KiB of shared memory */
static int trash[2];             /* a pipe that is never read for long */

struct thread {
	uint64_t state;
	unsigned char *arena;    /* its own: 64 KiB good, then one read-only page, then nothing */
};

static const char *const cmdlines[] = {
	"idle", "idle", "idle", "stop", "selftest stop", "inject=panic", "inject=nullptr", "inject=hang",
	"inject=stackoverflow", "inject=hang-ap", "inject=spin", "inject=scribble", "inject=logflood",
	"inject=ring rings=100", "inject=bootpanic", "inject=boothang", "inject=slowstop", "exit=3 stop",
	"no such word", "",
};

static uint64_t rnd(struct thread *t)
{
	t->state ^= t->state << 13;
	t->state ^= t->state >> 7;
	t->state ^= t->state << 17;
	return t->state;
}

static uint32_t below(struct thread *t, uint32_t n)
{
	return (uint32_t)(rnd(t) >> 33) % n;
}

/* One in n times. */
static int rarely(struct thread *t, uint32_t n)
{
	return below(t, n) == 0;
}

static uint64_t pointer(struct thread *t, uint32_t good_at)
{
	switch (below(t, 24)) {
	case 0: return 0;
	case 1: return (uintptr_t)t->arena + 0x10000;
	case 2: return (uintptr_t)t->arena + 0x10ff0;
	case 3: return (uintptr_t)t->arena + 0x11000;
	case 4: return 0xffff888000001000ull;
	case 5: return rnd(t);
	default: return (uintptr_t)t->arena + good_at;
	}
}

static uint32_t small_time(struct thread *t)
{
	return rarely(t, 50) ? (uint32_t)rnd(t) : below(t, 200);
}

static uint32_t isle_number(struct thread *t)
{
	struct isle_list l = { .ids_ptr = (uintptr_t)t->arena + 0x8000, .nr = 64 };
	uint32_t id = 0;

	if (rarely(t, 20))
		return (uint32_t)rnd(t);
	if (dev_call(files[below(t, FILES)], ISLE_IOC_LIST, &l) || !l.nr)
		return below(t, 100);
	memcpy(&id, t->arena + 0x8000 + 4 * below(t, l.nr < 64 ? l.nr : 64), sizeof(id));
	return id;
}

/* CPUs 1 to 7: the test machine has no more. */
static uint64_t some_cpus(struct thread *t)
{
	if (rarely(t, 30))
		return rnd(t);
	return rarely(t, 2) ? 1ull << (1 + below(t, 7)) : rnd(t) & 0xfe;
}

static uint32_t some_mem(struct thread *t, uint32_t *nr)
{
	struct isle_mem *mem = (void *)(t->arena + 0x1000);
	uint32_t i, n = below(t, 4);

	for (i = 0; i < n; i++) {
		mem[i].node = rarely(t, 20) ? (uint32_t)rnd(t) : below(t, 2);
		mem[i].reserved = rarely(t, 50) ? 1 : 0;
		mem[i].size = rarely(t, 30) ? rnd(t) : (uint64_t)below(t, 40) * ISLE_GRANULE_SIZE;
	}
	*nr = rarely(t, 50) ? (uint32_t)rnd(t) : n;
	return 0x1000;
}

static void fill_reserve(struct thread *t, struct isle_reserve *r)
{
	uint32_t nr;

	r->cpus.bits[0] = some_cpus(t);
	r->mem_ptr = pointer(t, some_mem(t, &nr));
	r->nr_mem = nr;
	/* Without STRICT a large size would take all the memory that the machine runs on. */
	r->flags = ISLE_RESERVE_F_STRICT | below(t, 8);
}

static void fill_create(struct thread *t, struct isle_create *c)
{
	uint32_t nr;

	if (rarely(t, 2))
		c->nr_cpus = below(t, 4);
	else
		c->cpus.bits[0] = some_cpus(t);
	c->node = rarely(t, 2) ? ISLE_NODE_ANY : below(t, 3);
	c->mem_ptr = pointer(t, some_mem(t, &nr));
	c->nr_mem = nr;
	c->flags = below(t, 2);
}

static void fill_load(struct thread *t, struct isle_load *l)
{
	const char *line = cmdlines[below(t, sizeof(cmdlines) / sizeof(cmdlines[0]))];

	l->image_fd = rarely(t, 20) ? (int)below(t, 20) - 1 : image;
	strcpy((char *)t->arena + 0x2000, line);
	l->cmdline_ptr = rarely(t, 10) ? 0 : pointer(t, 0x2000);
}

static void fill_log(struct thread *t, struct isle_log_read *l)
{
	l->isle_id = isle_number(t);
	l->flags = below(t, 2);
	l->pos = rarely(t, 2) ? 0 : rarely(t, 3) ? rnd(t) : below(t, 100000);
	l->buf_ptr = pointer(t, 0x4000);
	l->size = rarely(t, 10) ? (uint32_t)rnd(t) & 0x3fff : 8192;
	l->timeout_ms = small_time(t);
}

static void fill_pin(struct thread *t, struct isle_pin *p)
{
	p->uva = rarely(t, 5) ? pointer(t, 0) : (uintptr_t)shared + below(t, 16) * 4096;
	p->len = rarely(t, 20) ? rnd(t) : below(t, 17) * 4096;
	p->flags = below(t, 2);
}

static void fill(struct thread *t, unsigned long cmd, void *arg)
{
	memset(arg, 0, _IOC_SIZE(cmd));
	switch (cmd) {
	case ISLE_IOC_RESERVE: fill_reserve(t, arg); break;
	case ISLE_IOC_CREATE: fill_create(t, arg); break;
	case ISLE_IOC_LOAD: fill_load(t, arg); break;
	case ISLE_IOC_START: ((struct isle_start *)arg)->timeout_ms = small_time(t); break;
	case ISLE_IOC_STOP:
		((struct isle_stop *)arg)->timeout_ms = small_time(t);
		((struct isle_stop *)arg)->flags = below(t, 2);
		break;
	case ISLE_IOC_RING: ((struct isle_ring *)arg)->cpu = below(t, 4); break;
	case ISLE_IOC_LIST:
		((struct isle_list *)arg)->ids_ptr = pointer(t, 0x3000);
		((struct isle_list *)arg)->nr = rarely(t, 9) ? (uint32_t)rnd(t) : below(t, 64);
		break;
	case ISLE_IOC_STAT: ((struct isle_stat *)arg)->isle_id = isle_number(t); break;
	case ISLE_IOC_LOG: fill_log(t, arg); break;
	case ISLE_IOC_COUNTERS:
		((struct isle_counters_read *)arg)->isle_id = isle_number(t);
		((struct isle_counters_read *)arg)->nr = below(t, 9);
		((struct isle_counters_read *)arg)->buf_ptr = pointer(t, 0x4000);
		break;
	case ISLE_IOC_RESERVED:
		((struct isle_reserved *)arg)->cpus_ptr = pointer(t, 0x3000);
		((struct isle_reserved *)arg)->extents_ptr = pointer(t, 0x4000);
		((struct isle_reserved *)arg)->nr_cpus = below(t, 16);
		((struct isle_reserved *)arg)->nr_extents = below(t, 64);
		break;
	case ISLE_IOC_WAIT:
		((struct isle_wait *)arg)->slot = rarely(t, 5) ? (uint32_t)rnd(t) : below(t, 16);
		((struct isle_wait *)arg)->timeout_ms = 1 + small_time(t) % 200;
		break;
	case ISLE_IOC_PIN:
	case ISLE_IOC_UNPIN: fill_pin(t, arg); break;
	}
}

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
	ioctl(files[below(t, FILES)], cmd, pointer(t, 0));
}

/* Maps somewhere and lets a system call touch it: the fault is an error then, no signal. */
static void one_mapping(struct thread *t)
{
	uint64_t size = ISLE_GRANULE_SIZE << below(t, 4), at = ISLE_GRANULE_SIZE * below(t, 40);
	char *p, buf[4096];

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, rarely(t, 10) ? MAP_PRIVATE : MAP_SHARED,
		 files[below(t, FILES)], (off_t)at);
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
		if (rarely(t, 50)) {
			uint32_t i = below(t, FILES);
			int old = files[i];

			files[i] = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);
			if (old >= 0)
				close(old);
		} else if (rarely(t, 30)) {
			one_mapping(t);
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
	image = open(image_path(), O_RDONLY | O_CLOEXEC);
	shared = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (image < 0 || shared == MAP_FAILED || pipe2(trash, O_NONBLOCK))
		_exit(1);
	for (i = 0; i < FILES; i++)
		files[i] = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);
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

TEST(random_commands)
{
	unsigned long long end = check_now() + seconds * 1000000000ull;
	struct thread chance = { .state = seed | 1 };
	unsigned int n = 0, i, ended = 0;
	pid_t workers[WORKERS];

	need_image();
	need_reserve();
	note("seed %llu: to try again, run fuzz_ioctl %u %llu", (unsigned long long)seed, seconds,
	     (unsigned long long)seed);
	check_limit(seconds + 2 * CHECK_SECONDS);
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
	note("%u workers, %u of which ended before they were killed", n, ended);
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
