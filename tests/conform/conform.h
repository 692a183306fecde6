/* SPDX-License-Identifier: MIT */
/*
 * conform.h - what every conformance program is made of.
 *
 * A program checks one property, says `ok NAME` or `not ok NAME: why` for each side of it, and ends with done().
 * It prints the same text in every run: no addresses, process numbers or times. There is no set-up, no alarm and
 * no fork here on purpose: a program makes only the system calls that its property needs, so that a failure names
 * the culprit. run.sh bounds the time.
 */
#ifndef CONFORM_H
#define CONFORM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE  /* include this header first */
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED       __attribute__((unused))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE         4096ul
#define MIB          (1024 * 1024ul)
#define MS           1000000ll  /* nanoseconds */

extern char **environ;

static int conform_failures;
static char conform_dir[PATH_MAX];

UNUSED static const char *conform_errno(int err)
{
	const char *name = err ? strerrorname_np(err) : "success";

	return name ? name : "an unknown error";
}

__attribute__((format(printf, 3, 4))) UNUSED
static void conform_say(int good, const char *why, const char *format, ...)
{
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	conform_failures += !good;
	if (good)
		printf("ok %s\n", name);
	else
		printf("not ok %s: %s\n", name, why);
	fflush(stdout);
}

/* Text that lives until the next call in this thread. */
__attribute__((format(printf, 1, 2))) UNUSED
static const char *conform_text(const char *format, ...)
{
	static __thread char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

/* The condition holds. */
#define check(cond, ...) \
	conform_say(!!(cond), #cond " does not hold", __VA_ARGS__)

/* Two numbers are the same. */
#define equal(got, want, ...) __extension__ ({ \
	long long got_ = (long long)(got), want_ = (long long)(want); \
	conform_say(got_ == want_, conform_text("%s is %lld, expected %lld", #got, got_, want_), __VA_ARGS__); })

/* The call returns -1 with this errno. */
#define fails(call, err, ...) __extension__ ({ \
	errno = 0; \
	long ret_ = (long)(call); \
	int errno_ = errno; \
	conform_say(ret_ == -1 && errno_ == (err), ret_ == -1 ? \
		    conform_text("%s: %s, expected %s", #call, conform_errno(errno_), conform_errno(err)) : \
		    conform_text("%s returned %ld, expected %s", #call, ret_, conform_errno(err)), __VA_ARGS__); })

/* What the property stands on; the program ends if the call returns -1. */
#define must(call) __extension__ ({ \
	__typeof__(call) got_it_ = (call); \
	if ((long)got_it_ == -1) \
		conform_die(#call, errno); \
	got_it_; })

/* The same for calls that return an error number. */
#define zero(call) __extension__ ({ \
	int err_ = (call); \
	if (err_) \
		conform_die(#call, err_); })

/* Waits, ten seconds at most, for another thread or process. */
#define until(cond) __extension__ ({ \
	int tries_ = 10000; \
	while (!(cond) && --tries_) \
		sleep_ms(1); \
	if (!tries_) \
		conform_die("waiting for " #cond, ETIMEDOUT); })

UNUSED static void conform_remove(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[PATH_MAX + 256];

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			conform_remove(name);
		else
			unlink(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* The last words of every program: return done(). */
UNUSED static int done(void)
{
	if (conform_dir[0]) {
		if (chdir("/") == 0)
			conform_remove(conform_dir);
		conform_dir[0] = 0;
	}
	return conform_failures ? 1 : 0;
}

__attribute__((noreturn)) UNUSED
static void conform_die(const char *what, int err)
{
	conform_say(0, conform_errno(err), "%s", what);
	done();
	exit(1);
}

/* The property cannot be looked at here. */
__attribute__((noreturn)) UNUSED
static void skip(const char *reason)
{
	printf("skip %s\n", reason);
	done();
	exit(0);
}

/* An empty directory as working directory; done() removes it. */
UNUSED static void enter_tempdir(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(conform_dir, sizeof(conform_dir), "%s/conform-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(conform_dir))
		conform_die("mkdtemp", errno);
	must(chdir(conform_dir));
}

/* A new file of this content, open for reading and writing at offset 0. */
UNUSED static int make_file(const char *name, const void *data, size_t len)
{
	int fd = must(open(name, O_RDWR | O_CREAT | O_TRUNC, 0644));

	if (pwrite(fd, data, len, 0) != (ssize_t)len)
		conform_die("pwrite of a new file", errno);
	return fd;
}

UNUSED static void *anon(size_t len)
{
	return must(mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

/* Nanoseconds of a clock. */
UNUSED static long long now(clockid_t clock)
{
	struct timespec ts;

	must(clock_gettime(clock, &ts));
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

UNUSED static struct timespec timespec(long long ns)
{
	return (struct timespec){ ns / 1000000000, ns % 1000000000 };
}

UNUSED static void sleep_ms(int ms)
{
	struct timespec ts = timespec(ms * MS);

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

UNUSED static pthread_t thread(void *(*run)(void *), void *arg)
{
	pthread_t t;

	zero(pthread_create(&t, NULL, run, arg));
	return t;
}

UNUSED static void *join(pthread_t t)
{
	void *result = NULL;

	zero(pthread_join(t, &result));
	return result;
}

UNUSED static void handle(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };

	must(sigaction(sig, &sa, NULL));
}

/* What a fault said; sig is 0 if there was none. */
struct fault {
	int sig, code;
	void *addr;
};

static __thread struct fault conform_fault;
static __thread sigjmp_buf conform_out;

UNUSED static void conform_on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	conform_fault = (struct fault){ sig, info->si_code, info->si_addr };
	siglongjmp(conform_out, 1);
}

UNUSED static struct fault caught(void (*op)(void *), void *arg)
{
	static const int sigs[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	size_t i;

	for (i = 0; i < COUNT(sigs); i++)
		handle(sigs[i], conform_on_fault, 0);
	conform_fault = (struct fault){ 0, 0, NULL };
	if (sigsetjmp(conform_out, 1) == 0)
		op(arg);
	for (i = 0; i < COUNT(sigs); i++)
		signal(sigs[i], SIG_DFL);
	return conform_fault;
}

UNUSED static void touch_read(void *p)
{
	(void)*(volatile char *)p;
}

UNUSED static void touch_write(void *p)
{
	*(volatile char *)p = 1;
}

UNUSED static void check_fault(struct fault f, int sig, int code, const void *addr, const char *name)
{
	equal(f.sig, sig, "%s: signal", name);
	equal(f.code, code, "%s: si_code", name);
	check(f.addr == addr, "%s: si_addr", name);
}

/* The file this program was started from. */
UNUSED static char *self_path(void)
{
	static char path[PATH_MAX];
	ssize_t len = must(readlink("/proc/self/exe", path, sizeof(path) - 1));

	path[len] = 0;
	return path;
}

/* This program once more, as a child, with one argument. */
UNUSED static pid_t spawn_self(const char *role)
{
	char *path = self_path(), text[64], *argv[] = { path, text, NULL };
	pid_t pid;

	snprintf(text, sizeof(text), "%s", role);
	zero(posix_spawn(&pid, path, NULL, NULL, argv, environ));
	return pid;
}

/* The exit status of a child as a shell says it. */
UNUSED static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			conform_die("waitpid", errno);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The whole of a small file, with a zero at its end. */
UNUSED static char *slurp(const char *path)
{
	int fd = must(open(path, O_RDONLY | O_CLOEXEC));
	size_t len = 0, room = 256 * 1024;
	char *text = malloc(room);
	ssize_t n;

	while (text && len < room - 1 && (n = read(fd, text + len, room - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (!text)
		conform_die("malloc", ENOMEM);
	text[len] = 0;
	return text;
}

#endif
