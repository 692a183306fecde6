// SPDX-License-Identifier: MIT
/*
 * qemu_child.c - starts and ends QEMU through a guard.
 *
 * The guard is made when the process may have threads (progress.h), and is never another program: so from its first
 * instruction on it makes nothing but system calls.
 */
#include "qemu_child.h"

#include "cpuset.h"
#include "memfd_isle.h"
#include "qemu_args.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors are parked above this while they are put in place. */
#define FD_PARK  16

extern char **environ;

int qemu_child_prepare(struct qemu_child *child, struct why *why)
{
	int control[2], words[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control))
		return why_say(why, -errno, "no socket for QEMU's guard: %s", strerror(errno));
	child->control = control[0];
	child->far_control = control[1];
	if (pipe2(words, O_CLOEXEC))
		return why_say(why, -errno, "no pipe for what QEMU says: %s", strerror(errno));
	child->words = words[0];
	child->far_words = words[1];
	fcntl(child->words, F_SETFL, O_NONBLOCK);
	return 0;
}

/* clone as fork does it, but for the signal: 0 makes a child that only waits with __WALL or __WCLONE see. */
static pid_t clone_bare(int signo)
{
	return (pid_t)syscall(SYS_clone, (unsigned long)signo, NULL, NULL, NULL, 0);
}

static void signals_reset(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int signo;

	for (signo = 1; signo < NSIG; signo++)
		sigaction(signo, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Dies if the parent has died before the kernel was told to see to that. */
static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(127);
}

/* In the child that becomes QEMU. */
__attribute__((noreturn))
static void qemu_become(char *const argv[], int mem, int bell, int words, pid_t guard)
{
	static const char sorry[] = "it cannot be run\n";
	int null;

	die_with(guard);
	mem = fcntl(mem, F_DUPFD, FD_PARK);
	bell = fcntl(bell, F_DUPFD, FD_PARK);
	words = fcntl(words, F_DUPFD, FD_PARK);
	null = open("/dev/null", O_RDONLY);
	if (mem < 0 || bell < 0 || words < 0 || null < 0)
		_exit(127);
	dup2(null, 0);
	dup2(words, 1);
	dup2(words, 2);
	dup2(mem, QEMU_FD_MEM);
	dup2(bell, QEMU_FD_BELL);
	/* Nothing of the program's: a pipe that it closes must be closed. */
	syscall(SYS_close_range, QEMU_FD_BELL + 1, ~0u, 0);
	signals_reset();
	execve(argv[0], argv, environ);
	/* The pipe's reader ends soon if this cannot be written. */
	if (write(2, sorry, sizeof(sorry) - 1) < 0)
		_exit(126);
	_exit(127);
}

/* Until QEMU has ended or the proxy wants it to; then reports and ends. */
__attribute__((noreturn))
static void guard_wait(pid_t qemu, int control)
{
	int pidfd = (int)syscall(SYS_pidfd_open, qemu, 0), status = 0;
	struct pollfd fds[2] = { { .fd = control, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };

	while (pidfd >= 0 && poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (pidfd < 0 || !fds[1].revents)
		kill(qemu, SIGKILL);
	while (waitpid(qemu, &status, 0) < 0 && errno == EINTR)
		;
	/* Nobody may be there to read it. */
	if (send(control, &status, sizeof(status), MSG_NOSIGNAL) < 0)
		_exit(1);
	_exit(0);
}

__attribute__((noreturn))
static void guard_main(char *const argv[], int mem, int bell, int words, int control, pid_t proxy)
{
	pid_t me, qemu;
	sigset_t all;
	int kept;

	die_with(proxy);
	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "isle-guard", 0, 0, 0);
	me = (pid_t)syscall(SYS_getpid);
	qemu = clone_bare(SIGCHLD);
	if (qemu == 0)
		qemu_become(argv, mem, bell, words, me);
	if (qemu < 0)
		_exit(1);
	kept = fcntl(control, F_DUPFD, FD_PARK);
	if (kept < 0 || dup2(kept, 0) < 0)
		_exit(1);
	syscall(SYS_close_range, 1, ~0u, 0);
	guard_wait(qemu, 0);
}

/* The guard and QEMU inherit it. CPUs that are not there are left out; none left: as it was. */
static void affinity_set(const struct isle_cpuset *cpus)
{
	cpu_set_t set;
	unsigned int i;

	CPU_ZERO(&set);
	for (i = 0; i < CPUSET_MAX && i < CPU_SETSIZE; i++)
		if (cpuset_has(cpus, i))
			CPU_SET(i, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int qemu_child_start(struct qemu_child *child, char *const argv[], int mem, int bell, const struct isle_cpuset *cpus,
		     struct why *why)
{
	pid_t self = getpid();
	cpu_set_t mine;
	bool restore = sched_getaffinity(0, sizeof(mine), &mine) == 0;
	int err;

	affinity_set(cpus);
	child->guard = clone_bare(0);
	if (child->guard == 0)
		guard_main(argv, mem, bell, child->far_words, child->far_control, self);
	err = errno;
	if (restore)
		sched_setaffinity(0, sizeof(mine), &mine);
	memfd_fd_close(&child->far_control);
	memfd_fd_close(&child->far_words);
	if (child->guard > 0)
		return 0;
	child->guard = 0;
	return why_say(why, -err, "no process for QEMU: %s", strerror(err));
}

void qemu_child_kill(struct qemu_child *child)
{
	if (child->control >= 0)
		shutdown(child->control, SHUT_WR);
}

bool qemu_child_status(struct qemu_child *child, int *status)
{
	return recv(child->control, status, sizeof(*status), 0) == sizeof(*status);
}

void qemu_child_close(struct qemu_child *child)
{
	qemu_child_kill(child);
	if (child->guard) {
		while (waitpid(child->guard, NULL, __WALL) < 0 && errno == EINTR)
			;
		child->guard = 0;
	}
	memfd_fd_close(&child->control);
	memfd_fd_close(&child->words);
	memfd_fd_close(&child->far_control);
	memfd_fd_close(&child->far_words);
}
