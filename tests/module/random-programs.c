// SPDX-License-Identifier: MIT
/*
 * random-programs.c - random programs on two isles at once, for a long time, their proxies killed at random moments;
 * then nothing may be lost: cores, memory, isles, processes, descriptors of the device, files of the proxies in
 * /dev/shm.
 *
 *	random-programs LIST SECONDS SEED
 *
 * LIST has a line for each program: its path, and how it ends on Linux. The seed decides which programs run in which
 * order and which are killed after how long; what the machine makes of it is another matter. What ran last is printed
 * when something is wrong. Catches: whatever the end of a proxy leaves behind on the isle, in the module and on Linux.
 *
 * A program that is killed leaves behind what it would leave on Linux: files, segments of shared memory, children. Each
 * run has a directory, a session and an IPC namespace of its own, so that all of that can be taken away.
 */
#include "isle.h"
#include "remains.h"
#include "world.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define LANES         2u
#define RESERVED_MIB  512u
#define ISLE_MIB      "240M@1"
#define PROGRAMS_MAX  2000u
#define HISTORY       12u
#define WARM_RUNS     3u       /* a lane's first runs, which fill caches that stay */
#define LONGEST_MS    120000u  /* for a program that is not killed */
#define KILL_MS       2500u    /* a proxy is killed within this time of its start */
#define FAILED        125      /* isle-run's status when the isle failed, not the program */

static struct {
	char path[256];
	int status;
} program[PROGRAMS_MAX];
static unsigned int nr_programs;
static unsigned int seconds = 60;
static unsigned long long seed = 1;

struct run {
	unsigned int what;
	unsigned int kill_ms;         /* 0: not at all */
	unsigned int took_ms;
	int status;
};

struct lane {
	char cpu[40];                 /* as a list of one: a number alone would be how many */
	uint64_t state;               /* of its random numbers */
	char dir[32];
	unsigned int runs, killed;
	unsigned long long start;
	pid_t pid;                    /* 0: idle */
	struct run now, history[HISTORY];
	unsigned int isle_failed, odd;
};

/* xorshift64*: the same on every machine. */
static uint64_t rnd(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static void run_child(const struct lane *lane)
{
	int null = open("/dev/null", O_RDWR), out = open("out", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);

	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	setsid();
	if (unshare(CLONE_NEWIPC))
		_exit(99);
	setenv("TMPDIR", lane->dir, 1);
	close_range(3, ~0u, 0);
	execlp("isle-run", "isle-run", "--isle", "multi", "--cpus", lane->cpu, "--mem", ISLE_MIB,
	       program[lane->now.what].path, (char *)NULL);
	_exit(98);
}

static void run_begin(struct lane *lane)
{
	lane->now = (struct run){ .what = (unsigned int)(rnd(&lane->state) % nr_programs) };
	if (rnd(&lane->state) % 2)
		lane->now.kill_ms = 1 + (unsigned int)(rnd(&lane->state) % KILL_MS);
	mkdir(lane->dir, 0700);
	lane->start = check_now();
	lane->pid = child_fork();
	if (lane->pid == 0) {
		if (chdir(lane->dir))
			_exit(97);
		run_child(lane);
	}
}

static void run_say(const struct lane *lane, const struct run *run)
{
	char killed[40] = "";

	if (run->kill_ms)
		snprintf(killed, sizeof(killed), ", to be killed after %u ms", run->kill_ms);
	note("CPU %s: %s%s: %s %d after %u ms", lane->cpu, program[run->what].path, killed,
	     WIFSIGNALED(run->status) ? "signal" : "status",
	     WIFSIGNALED(run->status) ? WTERMSIG(run->status) : WEXITSTATUS(run->status), run->took_ms);
}

/* What it found wrong or complained of; true if the program itself noticed something. */
static bool output_say(const struct lane *lane)
{
	char path[64], text[4096];
	bool noticed = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/out", lane->dir);
	f = fopen(path, "re");
	while (f && fgets(text, sizeof(text), f)) {
		if (!strncmp(text, "ok", 2))
			continue;
		noticed = noticed || !strncmp(text, "not ok", 6);
		note("    %.*s", (int)strcspn(text, "\n"), text);
	}
	if (f)
		fclose(f);
	return noticed;
}

static void history_say(const struct lane *lane)
{
	unsigned int i;

	for (i = lane->runs < HISTORY ? 0 : lane->runs - HISTORY; i < lane->runs; i++)
		run_say(lane, &lane->history[i % HISTORY]);
}

/* Proxies of a session go when its first process has gone; other processes are children on Linux, as they would be. */
static void session_end(pid_t session)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;

	while (processes(session, "isle-run", 0) && check_now() < end)
		check_sleep_ms(20);
	EXPECT_THAT(!processes(session, "isle-run", 0), "a process of the proxy outlives it");
	processes(session, NULL, SIGKILL);
}

static void run_finish(struct lane *lane, int status)
{
	int wanted = program[lane->now.what].status;

	lane->now.status = status;
	lane->now.took_ms = (unsigned int)((check_now() - lane->start) / 1000000);
	lane->history[lane->runs++ % HISTORY] = lane->now;
	session_end(lane->pid);
	lane->pid = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && lane->now.kill_ms) {
		lane->killed++;
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == FAILED) {
		FAIL("an isle failed");
		run_say(lane, &lane->now);
		output_say(lane);
		lane->isle_failed++;
	} else if (!WIFEXITED(status) || WEXITSTATUS(status) != wanted) {
		/* On a busy host a program that looks at the clock may be wrong about it. */
		note("ended otherwise than on Linux (%d):", wanted);
		run_say(lane, &lane->now);
		output_say(lane);
		lane->odd++;
	}
	remove_tree(lane->dir);
}

/* True while something of it runs. */
static int lane_step(struct lane *lane, int go_on)
{
	unsigned int ms = (unsigned int)((check_now() - lane->start) / 1000000);
	int status;

	if (!lane->pid) {
		if (go_on)
			run_begin(lane);
		return go_on;
	}
	status = child_wait(lane->pid, 0);
	if (status != -1) {
		run_finish(lane, status);
		return 1;
	}
	if (lane->now.kill_ms && ms >= lane->now.kill_ms)
		kill(lane->pid, SIGKILL);
	if (ms > LONGEST_MS && !lane->now.kill_ms) {
		note("%s does not end", program[lane->now.what].path);
		/* One that was too late for its own clock may wait for what will not come; on Linux, too. */
		EXPECT(output_say(lane));
		lane->odd++;
		/* From now on it is one that is killed. */
		lane->now.kill_ms = ms;
	}
	ASSERT_THAT(ms <= 2 * LONGEST_MS, "a killed proxy does not end: %s", program[lane->now.what].path);
	return 1;
}

static void lanes_run(struct lane *lane, unsigned long long end, unsigned int runs)
{
	unsigned int i, busy;

	do {
		busy = 0;
		for (i = 0; i < LANES; i++)
			busy += (unsigned int)lane_step(&lane[i], check_now() < end && lane[i].runs < runs);
		check_sleep_ms(20);
	} while (busy);
}

static void lanes_expect(struct lane *lane)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	unsigned int i;

	while ((dev_info().nr_isles || device_files() || processes(0, "isle-janitor", 0)) && check_now() < end)
		check_sleep_ms(50);
	EXPECT_EQ(dev_info().nr_isles, 0);
	EXPECT_EQ(device_files(), 0);
	EXPECT_EQ(processes(0, "isle-run", 0), 0);
	EXPECT_EQ(processes(0, "isle-janitor", 0), 0);
	EXPECT_EQ(shm_files("isle-"), 0);
	EXPECT_EQ(dev_info().free_cpus, LANES);
	EXPECT_EQ(dev_info().free_mem, dev_info().reserved_mem);
	for (i = 0; i < LANES; i++)
		if (check_state.failures)
			history_say(&lane[i]);
}

/* The reserve is made and given back here, so that what it takes itself is in both looks at the machine. */
static void reserve(void)
{
	struct isle_reserve r;
	int fd = dev_open(), err;

	err = dev_reserve(fd, places()->far, 0, RESERVED_MIB, ISLE_RESERVE_F_STRICT, &r);
	ASSERT_THAT(!err, "CPUs %s could not be reserved: %s", places()->far, dev_why(fd));
	dev_close(fd);
}

static void release(void)
{
	int fd = dev_open();

	EXPECT_ERR(dev_release(fd, NULL), 0);
	dev_close(fd);
}

TEST(random_programs_on_two_isles_lose_nothing)
{
	struct lane lane[LANES] = { 0 };
	struct world before;
	unsigned int i;

	need_image();
	check_limit(seconds + 900);
	for (i = 0; i < LANES; i++) {
		const char *cpu = i ? places()->far1 : places()->far0;

		snprintf(lane[i].cpu, sizeof(lane[i].cpu), "%.16s-%.16s", cpu, cpu);
		lane[i].state = (seed * LANES + i) * 0x9e3779b97f4a7c15ull + 1;
		snprintf(lane[i].dir, sizeof(lane[i].dir), "/tmp/soak-%u", i);
	}
	note("seed %llu, %u s, %u programs", seed, seconds, nr_programs);
	reserve();
	lanes_run(lane, ~0ull, WARM_RUNS);
	lanes_expect(lane);
	release();
	sync();
	file_write("/proc/sys/vm/drop_caches", "3");
	world_look(&before);
	reserve();
	lanes_run(lane, check_now() + seconds * 1000000000ull, ~0u);
	lanes_expect(lane);
	release();
	world_expect(&before);
	for (i = 0; i < LANES; i++)
		note("CPU %s: %u runs, %u killed, %u ended otherwise than on Linux, %u isles failed", lane[i].cpu,
		     lane[i].runs, lane[i].killed, lane[i].odd, lane[i].isle_failed);
	EXPECT(lane[0].killed + lane[1].killed > 0);
	/* A few, on a busy host; not as a rule. */
	EXPECT_LE((lane[0].odd + lane[1].odd) * 10, lane[0].runs + lane[1].runs);
}

static void list_read(const char *path)
{
	FILE *f = fopen(path, "re");

	while (f && nr_programs < PROGRAMS_MAX &&
	       fscanf(f, "%255s %d", program[nr_programs].path, &program[nr_programs].status) == 2)
		nr_programs++;
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: random-programs LIST SECONDS SEED\n", stderr);
		return 2;
	}
	list_read(argv[1]);
	seconds = (unsigned int)atoi(argv[2]);
	seed = strtoull(argv[3], NULL, 0);
	if (!nr_programs) {
		puts("1..0 # SKIP the conformance programs were not built");
		return 0;
	}
	return check_main(&isle_hooks);
}
