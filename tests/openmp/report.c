// SPDX-License-Identifier: MIT
/*
 * report.c - the tool inside real programs: what it says about regions of known shape, where its
 * words go, and that the programs neither notice it nor suffer from it.
 *
 * The programs sleep instead of computing, so that shapes hold on a loaded machine; a bound that
 * load can still break is given a few tries.
 */
#include "../lib/check.h"

#include "places.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TRIES  5

static char dir[64], out[1 << 16], err[1 << 16];
static const char *const regions = TEST_DIR "/regions";
static const char *const regions_own = TEST_DIR "/regions-own";
static const char *const load = "OMP_TOOL_LIBRARIES=" TEST_TOOL;

static void need_tool(void)
{
	if (TEST_MISSING[0])
		SKIP("%s", TEST_MISSING);
	if (access(regions, X_OK) < 0)
		SKIP("no program to look at: libomp is missing");
}

static void path_of(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", dir, name);
}

static void slurp(const char *name, char *text, size_t size)
{
	char path[128];
	ssize_t n;
	int fd;

	path_of(path, sizeof(path), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, size - 1);
	text[n > 0 ? n : 0] = 0;
	if (fd >= 0)
		close(fd);
}

static void redirect(const char *name, int fd)
{
	char path[128];
	int file;

	path_of(path, sizeof(path), name);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (file < 0 || dup2(file, fd) < 0)
		_exit(126);
	close(file);
}

/* Runs a program with just these settings added; what it wrote is in out and err. Exit status. */
static int run(const char *const *argv, const char *const *settings)
{
	int status;
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		redirect("out", 1);
		redirect("err", 2);
		for (; settings && *settings; settings++)
			putenv(strdup(*settings));
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	slurp("out", out, sizeof(out));
	slurp("err", err, sizeof(err));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* Runs regions KIND COUNT with the tool, JSON on standard error. */
static void look_at(const char *kind, const char *count)
{
	const char *argv[] = { regions, kind, count, NULL };
	const char *settings[] = { load, "ISLE_OMPT=json", "OMP_WAIT_POLICY=passive", NULL };

	ASSERT_EQ(run(argv, settings), 0);
	ASSERT_THAT(strstr(out, "done"), "the program said: %s", out);
}

/* The nth value of a key in the report, or -1. */
static long long number(const char *key, unsigned int nth)
{
	char quoted[64];
	const char *p = err;

	snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	do {
		p = strstr(p, quoted);
		if (!p)
			return -1;
		p += strlen(quoted);
	} while (nth--);
	return strtoll(p, NULL, 10);
}

static void begin(void)
{
	snprintf(dir, sizeof(dir), "/tmp/isle-ompt.XXXXXX");
	ASSERT(mkdtemp(dir));
	unsetenv("ISLE_OMPT");
	unsetenv("OMP_TOOL");
	unsetenv("OMP_NUM_THREADS");
}

static void end(void)
{
	static const char *const names[] = { "out", "err", "report", "check" };
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		path_of(path, sizeof(path), names[i]);
		unlink(path);
	}
	EXPECT_EQ(rmdir(dir), 0);
}

/* Runs a kind until its share of imbalance is within bounds, for a few times. */
static void share_within(const char *kind, long long low, long long high)
{
	long long share = -1;
	int i;

	for (i = 0; i < TRIES && (share < low || share > high); i++) {
		look_at(kind, "20");
		share = number("imbalance_permille", 0);
		note("%s: %lld permille of the threads' time", kind, share);
	}
	EXPECT_GE(share, low);
	EXPECT_LE(share, high);
	EXPECT_EQ(number("count", 0), 20);
	EXPECT_EQ(number("threads", 0), 2);
}

TEST(a_balanced_region_is_reported_as_balanced)
{
	need_tool();
	share_within("balanced", 0, 80);
}

/* 6 of 16 ms: 375 permille. */
TEST(an_imbalanced_region_is_reported_as_imbalanced)
{
	need_tool();
	share_within("imbalanced", 300, 450);
}

/* 12 of 32 ms, half of it at a barrier inside: 375 permille, 187 if that barrier were missed. */
TEST(barriers_inside_a_region_count)
{
	need_tool();
	share_within("inner", 300, 450);
}

/* Catches: waiting threads that run tasks taken for idle ones; that would be near 500. */
TEST(tasks_run_at_a_barrier_are_no_imbalance)
{
	need_tool();
	share_within("tasks", 0, 120);
}

TEST(region_counts_are_exact)
{
	long long sum = 0;
	unsigned int i;

	need_tool();
	look_at("empty", "5000");
	for (i = 0; number("count", i) >= 0; i++)
		sum += number("count", i);
	EXPECT_EQ(sum, 5000);
	EXPECT_EQ(number("dropped", 0), 0);
	look_at("nested", "30");
	for (i = 0, sum = 0; number("count", i) >= 0; i++)
		sum += number("count", i);
	EXPECT_EQ(sum, 30 + 60);
}

TEST(times_agree_with_the_clock)
{
	need_tool();
	look_at("balanced", "20");
	EXPECT_GE(number("total_ns", 0), 100000000);
	EXPECT_LE(number("total_ns", 0), number("elapsed_ns", 0));
	EXPECT_GE(number("max_ns", 0), 5000000);
	EXPECT_GE(number("thread_ns", 0), 2 * number("total_ns", 0) - 2);
}

/* 64 fresh pages a thread and region; the sleeping program blocks once a thread and region. */
TEST(what_the_kernel_did_is_counted)
{
	need_tool();
	look_at("faults", "10");
	if (strstr(err, "\"noise_source\": \"none\""))
		SKIP("no source of noise here");
	EXPECT_EQ(number("noise_samples", 0), 10);
	EXPECT_GE(number("page_faults", 0), 10 * 2 * 64);
	look_at("balanced", "10");
	EXPECT_GE(number("off_core_ns", 0), 10 * 2 * 4000000ll);
	if (strstr(err, "\"noise_source\": \"linux\"")) {
		EXPECT_GE(number("blocked", 0), 10 * 2);
		EXPECT_THAT(strstr(err, "not an isle"), "does not say where isle counters are");
	}
}

TEST(odd_regions_do_no_harm)
{
	need_tool();
	look_at("odd", "50");
	EXPECT(strstr(out, "sum 100800"));
	EXPECT_EQ(number("dropped", 0), 0);
}

static void json_is_valid(const char *path)
{
	const char *argv[] = { TEST_PYTHON, "-m", "json.tool", path, "/dev/null", NULL };

	ASSERT_THAT(run(argv, NULL) == 0, "%s", err);
}

TEST(json_is_valid_in_a_file)
{
	static const char *const kinds[] = { "odd", "nested", "empty" };
	char path[128], setting[160];
	size_t i;

	need_tool();
	if (!TEST_PYTHON[0])
		SKIP("python3 is missing");
	path_of(path, sizeof(path), "report");
	snprintf(setting, sizeof(setting), "ISLE_OMPT=json:%s", path);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *argv[] = { regions, kinds[i], "50", NULL };
		const char *settings[] = { load, setting, "ISLE_OMPT_LINES=1", NULL };

		ASSERT_EQ(run(argv, settings), 0);
		EXPECT_STR(err, "");
		json_is_valid(path);
	}
}

TEST(the_table_goes_to_a_file)
{
	const char *argv[] = { regions, "balanced", "2", NULL };
	char path[128], setting[160];
	const char *settings[] = { load, setting, NULL };

	need_tool();
	path_of(path, sizeof(path), "report");
	snprintf(setting, sizeof(setting), "ISLE_OMPT=%s", path);
	ASSERT_EQ(run(argv, settings), 0);
	EXPECT_STR(err, "");
	slurp("report", out, sizeof(out));
	EXPECT(strstr(out, "IMBALANCE"));
	EXPECT(strstr(out, "regions+0x"));
	note("%s", out);
}

/* Catches: hours of computing, and the report nowhere. */
TEST(files_that_cannot_be_written_are_reported)
{
	const char *argv[] = { regions, "balanced", "2", NULL };
	const char *missing[] = { load, "ISLE_OMPT=json:/nonexistent/report", NULL };
	const char *full[] = { load, "ISLE_OMPT=/dev/full", NULL };

	need_tool();
	EXPECT_EQ(run(argv, missing), 0);
	EXPECT(strstr(err, "cannot write /nonexistent/report: No such file"));
	EXPECT(strstr(err, "\"count\": 2"));
	EXPECT_EQ(run(argv, full), 0);
	EXPECT(strstr(err, "cannot write /dev/full: No space left"));
}

TEST(switched_off_it_says_nothing)
{
	const char *argv[] = { regions, "balanced", "1", NULL };
	const char *disabled[] = { load, "ISLE_OMPT=1", "OMP_TOOL=disabled", NULL };
	const char *zero[] = { load, "ISLE_OMPT=0", NULL };

	need_tool();
	EXPECT_EQ(run(argv, disabled), 0);
	EXPECT_STR(err, "");
	EXPECT_EQ(run(argv, zero), 0);
	EXPECT_STR(err, "");
}

TEST(noise_can_be_left_out)
{
	const char *argv[] = { regions, "balanced", "2", NULL };
	const char *settings[] = { load, "ISLE_OMPT=1", "ISLE_OMPT_NOISE=none", NULL };

	need_tool();
	EXPECT_EQ(run(argv, settings), 0);
	EXPECT(strstr(err, "noise from none"));
	EXPECT(!strstr(err, "PREEMPTED"));
}

/* The settings of places.c for the CPUs we have: no runtime may complain about one. */
TEST(the_runtimes_accept_the_settings)
{
	const char *llvm[] = { regions, "empty", "50", NULL };
	const char *own[] = { regions_own, "empty", "50", NULL };
	const char *settings[PLACES_MAX_SETTINGS + 1] = { NULL };
	struct places_cpu cpu[CPU_SETSIZE];
	struct places_ask ask = { .cpus = cpu };
	struct places places;
	unsigned int i;
	cpu_set_t set;

	need_tool();
	ASSERT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
	for (i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set)) {
			cpu[ask.nr_cpus] = (struct places_cpu){ .cpu = i, .core = i };
			ask.nr_cpus++;
		}
	ASSERT_EQ(places_make(&ask, &places), 0);
	for (i = 0; i < places.nr; i++)
		settings[i] = places.setting[i].text;
	EXPECT_EQ(run(llvm, settings), 0);
	EXPECT_STR(err, "");
	EXPECT_EQ(run(own, settings), 0);
	EXPECT_STR(err, "");
	places_free(&places);
}

/* The cost of a region that does nothing. */
static long long cost(const char *a, const char *b)
{
	const char *argv[] = { regions, "empty", "1000", NULL };
	const char *settings[] = { a, b, "OMP_PROC_BIND=close", "OMP_PLACES=threads", NULL };
	const char *p;

	ASSERT_EQ(run(argv, settings), 0);
	p = strstr(out, "ns-per-region ");
	ASSERT(p);
	return strtoll(p + strlen("ns-per-region "), NULL, 10);
}

/*
 * Printed; the bound only catches a disaster, such as a system call in each callback. Two threads
 * that must take turns on one core need tens of microseconds with or without the tool: then
 * nothing can be said.
 */
TEST(overhead_of_an_empty_region)
{
	long long without = -1, with = -1, ns;
	int i;

	need_tool();
	for (i = 0; i < 4 * TRIES; i++) {
		ns = cost("OMP_TOOL=disabled", NULL);
		without = without < 0 || ns < without ? ns : without;
		ns = cost(load, "ISLE_OMPT=/dev/null");
		with = with < 0 || ns < with ? ns : with;
		if (i >= TRIES && with < without * 5 + 2000)
			break;
	}
	note("an empty region of 2 threads: %lld ns without, %lld ns with the tool", without, with);
	if (with > 10000)
		SKIP("the machine is too busy for two threads at once");
	EXPECT_LE(with, without * 5 + 2000);
}

int main(void)
{
	static const struct check_hooks hooks = {
		.begin = begin, .end = end, .end_name = "nothing_is_left_behind",
	};

	return check_main(&hooks);
}
