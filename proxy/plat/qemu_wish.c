// SPDX-License-Identifier: MIT
/*
 * qemu_wish.c - reads the variables about QEMU and looks whether what they name can be used, so that mistakes are
 * said in the user's words before anything runs.
 */
#include "qemu_args.h"

#include "opt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM     "qemu-system-x86_64"
#define VERSION_MS  5000

extern char **environ;

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* 0 or 1; unset is 0. */
static int flag_read(const char *name, bool *flag, struct why *why)
{
	const char *value = variable(name);

	*flag = value && !strcmp(value, "1");
	if (value && !*flag && strcmp(value, "0") != 0)
		return why_say(why, -EINVAL, "%s is 0 or 1, not '%.80s'", name, value);
	return 0;
}

static bool is_program(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);

	if (fd >= 0) {
		close(fd);
		return false;
	}
	return access(path, X_OK) == 0;
}

/* As a shell finds it. */
static int program_find(const char *name, struct qemu_wish *wish, struct why *why)
{
	const char *path = getenv("PATH"), *end;

	if (strchr(name, '/')) {
		if (snprintf(wish->path, sizeof(wish->path), "%s", name) < (int)sizeof(wish->path) &&
		    is_program(wish->path))
			return 0;
		return why_say(why, access(name, F_OK) ? -ENOENT : -EACCES,
			       "HERMIT_QEMU names %.300s, which is %s", name,
			       access(name, F_OK) ? "not there" : "not a program that may be run");
	}
	for (path = path ? path : "/bin:/usr/bin"; path; path = *end ? end + 1 : NULL) {
		end = strchrnul(path, ':');
		if (snprintf(wish->path, sizeof(wish->path), "%.*s%s%s", (int)(end - path), path,
			     end > path ? "/" : "./", name) < (int)sizeof(wish->path) &&
		    is_program(wish->path))
			return 0;
	}
	return why_say(why, -ENOENT,
		       "there is no %.200s on PATH: install QEMU for x86 (qemu-system-x86), or name it with "
		       "HERMIT_QEMU",
		       name);
}

static int kvm_check(struct why *why)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int err = errno;

	if (fd < 0)
		return why_say(why, -err, "HERMIT_KVM is 1, but /dev/kvm cannot be used: %s", strerror(err));
	close(fd);
	return 0;
}

/* QEMU would say it too, but not what to do. */
static int port_check(uint32_t port, const char *what, const char *other, struct why *why)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, err = 0;

	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1))
		err = errno;
	close(fd);
	return err ? why_say(why, -err, "port %u, for %s, cannot be used: %s; %s", port, what, strerror(err), other)
		   : 0;
}

static int ports_read(struct qemu_wish *wish, struct why *why)
{
	const char *port = variable("HERMIT_PORT"), *gdb = variable("HERMIT_GDB_PORT");
	uint32_t base = QEMU_PORT_DEFAULT, gdb_port = QEMU_GDB_PORT;
	const char *whom = variable("HERMIT_DEBUG");
	/* 1 and wait are for the program, as on every platform. */
	bool monitor, debug = whom && !strcmp(whom, "machine");
	int err;

	err = port ? opt_number("HERMIT_PORT", port, 1, 65534, &base, why) : 0;
	if (!err && gdb)
		err = opt_number("HERMIT_GDB_PORT", gdb, 1, 65535, &gdb_port, why);
	if (!err)
		err = flag_read("HERMIT_MONITOR", &monitor, why);
	if (err)
		return err;
	wish->monitor = monitor ? base + 1 : 0;
	wish->gdb = debug ? gdb_port : 0;
	if (monitor)
		err = port_check(wish->monitor, "QEMU's monitor", "HERMIT_PORT names another", why);
	if (!err && debug)
		err = port_check(wish->gdb, "gdb", "HERMIT_GDB_PORT names another", why);
	return err;
}

int qemu_wish_read(struct qemu_wish *wish, struct why *why)
{
	const char *name = variable("HERMIT_QEMU");
	int err;

	memset(wish, 0, sizeof(*wish));
	wish->options = variable("HERMIT_QEMU_OPTIONS");
	err = flag_read("HERMIT_KVM", &wish->kvm, why);
	if (!err)
		err = program_find(name ? name : PROGRAM, wish, why);
	if (!err && wish->kvm)
		err = kvm_check(why);
	return err ? err : ports_read(wish, why);
}

bool qemu_version_parse(const char *text, uint32_t *major, uint32_t *minor)
{
	return sscanf(text, "QEMU emulator version %u.%u", major, minor) == 2;
}

/* What the program prints on standard output, as far as it fits, until the time is up. */
static void output_read(int fd, char *text, size_t size)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t n = 1;

	while (n > 0 && used + 1 < size && poll(&poll_fd, 1, VERSION_MS) > 0) {
		n = read(fd, text + used, size - 1 - used);
		used += n > 0 ? (size_t)n : 0;
	}
	text[used] = 0;
}

static void version_ask(const char *path, char *text, size_t size)
{
	char program[4096], option[] = "--version", *argv[] = { program, option, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	struct sigaction old, ignored = { .sa_handler = SIG_IGN };
	sigset_t none, chld;
	int ends[2];
	pid_t pid;

	text[0] = 0;
	snprintf(program, sizeof(program), "%s", path);
	if (pipe2(ends, O_CLOEXEC))
		return;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	/* SIGCHLD is ignored meanwhile, so that QEMU's time is not added to that of the program's children. */
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	posix_spawnattr_setsigdefault(&attr, &chld);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sigaction(SIGCHLD, &ignored, &old);
	if (posix_spawn(&pid, path, &actions, &attr, argv, environ) == 0) {
		close(ends[1]);
		ends[1] = -1;
		output_read(ends[0], text, size);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	sigaction(SIGCHLD, &old, NULL);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
}

int qemu_version_check(const char *path, struct why *why)
{
	uint32_t major, minor;
	char text[256];

	version_ask(path, text, sizeof(text));
	if (!qemu_version_parse(text, &major, &minor))
		return why_say(why, -EPROTO, "%.300s is not QEMU, or cannot run: asked for its version it says '%.60s'",
			       path, text);
	if (major < QEMU_MAJOR_LEAST || (major == QEMU_MAJOR_LEAST && minor < QEMU_MINOR_LEAST))
		return why_say(why, -EPROTO,
			       "%.300s is QEMU %u.%u, which is too old for isles: %u.%u or newer is needed", path,
			       major, minor, QEMU_MAJOR_LEAST, QEMU_MINOR_LEAST);
	return 0;
}
