/* SPDX-License-Identifier: MIT */
/*
 * check.h - a test program is a list of TEST(name) { ... } and prints TAP.
 *
 * EXPECT_* notes a failure and goes on, ASSERT_* ends the test, SKIP ends it with a reason. Tests
 * run in the order of the file. After each the hook `after` cleans up whatever the test left, also
 * when it ended early, and the file descriptors it forgot to close are counted. A test that takes
 * too long ends the program, because it may sit in a system call that no signal ends. Header only,
 * so that every part of the project can use it.
 */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE  /* strerrorname_np; include this header first */
#endif
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHECK_SECONDS  120  /* for one test, unless check_limit() says otherwise */

struct check_test {
	const char *name;
	void (*run)(void);
	struct check_test *next;
};

/*
 * Called by check_main; a failed EXPECT in `after` counts for the test, one in `end` for a test of
 * its own.
 */
struct check_hooks {
	void (*begin)(void);
	void (*after)(void);
	void (*end)(void);
	const char *end_name;
};

struct check_state {
	struct check_test *first, **last;
	const char *name;        /* of the running test */
	unsigned int number;     /* of the running test, from 1 */
	unsigned int failures;   /* in the running test */
	unsigned int not_ok;     /* tests that failed */
	char reason[256];        /* why it was skipped, or empty */
	jmp_buf out;
};

/* One state in a program, whichever of its files include this header. */
struct check_state check_state __attribute__((weak));

#define CHECK_UNUSED  __attribute__((unused))

static inline void check_add(struct check_test *test)
{
	if (!check_state.last)
		check_state.last = &check_state.first;
	*check_state.last = test;
	check_state.last = &test->next;
}

#define TEST(test_name) \
	static void test_##test_name(void); \
	static struct check_test check_test_##test_name = { #test_name, test_##test_name, NULL }; \
	__attribute__((constructor)) static void check_add_##test_name(void) \
	{ \
		check_add(&check_test_##test_name); \
	} \
	static void test_##test_name(void)

/* A comment in the output; every line of it gets its mark. */
__attribute__((format(printf, 1, 2))) CHECK_UNUSED
static void note(const char *format, ...)
{
	char text[2048], *line = text, *next;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		printf("# %s\n", line);
	}
	fflush(stdout);
}

__attribute__((format(printf, 3, 4))) CHECK_UNUSED
static void check_failed(const char *file, int line, const char *format, ...)
{
	const char *slash = strrchr(file, '/');
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	check_state.failures++;
	if (check_state.failures <= 20)
		note("%s:%d: %s", slash ? slash + 1 : file, line, text);
	else if (check_state.failures == 21)
		note("more failures are not printed");
}

/* A failure in words of its own. */
#define FAIL(...)  check_failed(__FILE__, __LINE__, __VA_ARGS__)

#define EXPECT(cond) \
	((cond) ? 1 : (FAIL("%s does not hold", #cond), 0))

/* EXPECT with a sentence about what was seen. */
#define EXPECT_THAT(cond, ...) \
	((cond) ? 1 : (FAIL(__VA_ARGS__), 0))

#define CHECK_COMPARE(got, op, want) __extension__ ({ \
	long long check_got = (long long)(got), check_want = (long long)(want); \
	int check_ok = check_got op check_want; \
	if (!check_ok) \
		FAIL("%s is %lld, expected %s %lld (%s)", #got, check_got, #op, check_want, #want); \
	check_ok; })

#define EXPECT_EQ(got, want)  CHECK_COMPARE(got, ==, want)
#define EXPECT_NE(got, want)  CHECK_COMPARE(got, !=, want)
#define EXPECT_LE(got, want)  CHECK_COMPARE(got, <=, want)
#define EXPECT_LT(got, want)  CHECK_COMPARE(got, <, want)
#define EXPECT_GE(got, want)  CHECK_COMPARE(got, >=, want)
#define EXPECT_GT(got, want)  CHECK_COMPARE(got, >, want)

#define EXPECT_STR(got, want) __extension__ ({ \
	const char *check_got = (got), *check_want = (want); \
	int check_ok = strcmp(check_got, check_want) == 0; \
	if (!check_ok) \
		FAIL("%s is \"%s\", expected \"%s\"", #got, check_got, check_want); \
	check_ok; })

/* Results of system calls as 0 or -errno. */
#define EXPECT_ERR(got, want) __extension__ ({ \
	int check_got = (got), check_want = (want); \
	if (check_got != check_want) \
		FAIL("%s is %d (%s), expected %d (%s)", #got, check_got, check_error(check_got), \
		     check_want, check_error(check_want)); \
	check_got == check_want; })

#define ASSERT(cond)             do { if (!EXPECT(cond)) check_leave(); } while (0)
#define ASSERT_THAT(cond, ...)   do { if (!EXPECT_THAT(cond, __VA_ARGS__)) check_leave(); } while (0)
#define ASSERT_EQ(got, want)     do { if (!EXPECT_EQ(got, want)) check_leave(); } while (0)
#define ASSERT_GE(got, want)     do { if (!EXPECT_GE(got, want)) check_leave(); } while (0)
#define ASSERT_GT(got, want)     do { if (!EXPECT_GT(got, want)) check_leave(); } while (0)
#define ASSERT_ERR(got, want)    do { if (!EXPECT_ERR(got, want)) check_leave(); } while (0)

#define SKIP(...) \
	do { \
		snprintf(check_state.reason, sizeof(check_state.reason), __VA_ARGS__); \
		check_leave(); \
	} while (0)

CHECK_UNUSED static const char *check_error(int err)
{
	const char *name = err < 0 ? strerrorname_np(-err) : NULL;

	return err >= 0 ? "success" : name ? name : "?";
}

__attribute__((noreturn)) CHECK_UNUSED
static void check_leave(void)
{
	longjmp(check_state.out, 1);
}

/* Nanoseconds of a clock that only goes forward. */
CHECK_UNUSED static unsigned long long check_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long long)ts.tv_sec * 1000000000ull + (unsigned long long)ts.tv_nsec;
}

CHECK_UNUSED static void check_sleep_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000l };

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

/* Open file descriptors of this process; the one that counts them is among them each time. */
CHECK_UNUSED static int check_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

CHECK_UNUSED static void check_too_long(int sig)
{
	static const char head[] = "# the time of this test was up\nnot ok - ";
	static const char tail[] = "\nBail out! a test did not end\n";
	const char *name = check_state.name ? check_state.name : "before the first test";

	(void)sig;
	if (write(1, head, sizeof(head) - 1) < 0 || write(1, name, strlen(name)) < 0 ||
	    write(1, tail, sizeof(tail) - 1) < 0)
		_exit(3);
	_exit(2);
}

/* Gives the running test so many seconds from now. */
CHECK_UNUSED static void check_limit(unsigned int seconds)
{
	signal(SIGALRM, check_too_long);
	alarm(seconds);
}

CHECK_UNUSED static void check_one(const char *name, void (*run)(void), void (*after)(void))
{
	volatile unsigned long long start = check_now();
	volatile int fds = check_count_fds();

	check_state.name = name;
	check_state.number++;
	check_state.failures = 0;
	check_state.reason[0] = 0;
	check_limit(CHECK_SECONDS);
	if (setjmp(check_state.out) == 0)
		run();
	if (after && setjmp(check_state.out) == 0)
		after();
	alarm(0);
	EXPECT_EQ(check_count_fds(), fds);
	check_state.not_ok += check_state.failures != 0;
	printf("%s %u - %s%s%s\n", check_state.failures ? "not ok" : "ok", check_state.number, name,
	       check_state.reason[0] && !check_state.failures ? " # SKIP " : "",
	       check_state.failures ? "" : check_state.reason);
	note("%s took %llu ms", name, (check_now() - start) / 1000000);
}

/* Runs all tests, or those whose name holds $TEST_ONLY. Returns the exit status of the program. */
CHECK_UNUSED static int check_main(const struct check_hooks *hooks)
{
	static const struct check_hooks none;
	const char *only = getenv("TEST_ONLY");
	struct check_test *test;
	unsigned int n = 0;

	if (!hooks)
		hooks = &none;
	for (test = check_state.first; test; test = test->next)
		n += !only || strstr(test->name, only);
	printf("1..%u\n", n + (hooks->end ? 1 : 0));
	fflush(stdout);
	if (hooks->begin) {
		check_limit(CHECK_SECONDS);
		if (setjmp(check_state.out) == 0) {
			hooks->begin();
		} else {
			printf("Bail out! nothing could be tested: %s\n", check_state.reason);
			return 1;
		}
	}
	for (test = check_state.first; test; test = test->next)
		if (!only || strstr(test->name, only))
			check_one(test->name, test->run, hooks->after);
	if (hooks->end)
		check_one(hooks->end_name, hooks->end, NULL);
	return check_state.not_ok ? 1 : 0;
}

#endif
