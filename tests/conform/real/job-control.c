// SPDX-License-Identifier: MIT
/*
 * job-control COMMAND... - does what a shell does with a job at a terminal: a session of its own on a pseudo terminal,
 * in which it runs programs behind COMMAND (none: on Linux itself) in front and in the background, and prints what
 * became of each. Catches: a terminal read or set from the background that is not a stop, and a job that is not
 * stopped or continued as a whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define WAIT_S  60

static char **prefix;
static int nr_prefix, master;

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

/* A job in a group of its own; ignored: this signal is; orphan: nobody can let the group go on. */
static pid_t job(const char *const *words, int front, int ignored)
{
	char *argv[64];
	int i, n = 0;
	pid_t pid;

	for (i = 0; i < nr_prefix; i++)
		argv[n++] = prefix[i];
	for (i = 0; words[i]; i++)
		argv[n++] = (char *)words[i];
	argv[n] = NULL;
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		setpgid(0, 0);
		if (front)
			tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		if (ignored)
			signal(ignored, SIG_IGN);
		execvp(argv[0], argv);
		_exit(127);
	}
	setpgid(pid, pid);
	return pid;
}

static void say(const char *name, int status)
{
	if (WIFSTOPPED(status))
		printf("%s: stopped, %s\n", name, sigabbrev_np(WSTOPSIG(status)));
	else if (WIFSIGNALED(status))
		printf("%s: ended by %s\n", name, sigabbrev_np(WTERMSIG(status)));
	else
		printf("%s: status %d\n", name, WEXITSTATUS(status));
}

/* What the job's next change is. */
static void change(const char *name, pid_t pid)
{
	int status;

	alarm(WAIT_S);
	if (waitpid(pid, &status, WUNTRACED) != pid)
		fail(name);
	alarm(0);
	say(name, status);
}

static void go_on(pid_t pid, int front)
{
	if (front)
		tcsetpgrp(0, pid);
	kill(-pid, SIGCONT);
}

/* Waits until the terminal has shown the text. */
static void shown(const char *text)
{
	static char all[65536];
	static size_t n;
	struct pollfd at = { .fd = master, .events = POLLIN };

	while (!memmem(all, n, text, strlen(text))) {
		ssize_t got = poll(&at, 1, WAIT_S * 1000) == 1 ? read(master, all + n, sizeof(all) - n) : -1;

		if (got <= 0) {
			printf("not shown: %s\n", text);
			exit(1);
		}
		n += (size_t)got;
	}
	n = 0;
	printf("shown: %.*s\n", (int)strcspn(text, "\r"), text);
}

static void key(const char *text)
{
	if (write(master, text, strlen(text)) < 0)
		fail("write");
}

static void reader(void)
{
	static const char *const cat[] = { "cat", NULL };
	pid_t pid = job(cat, 0, 0);

	change("cat in the background", pid);
	go_on(pid, 1);
	key("first line\n");
	shown("first line\r\nfirst line\r\n");
	key("\032");
	change("^Z", pid);
	tcsetpgrp(0, getpid());
	go_on(pid, 0);
	change("continued in the background", pid);
	go_on(pid, 1);
	key("second\n");
	shown("second\r\nsecond\r\n");
	key("\004");
	change("^D", pid);
	tcsetpgrp(0, getpid());
	pid = job(cat, 0, SIGTTIN);
	change("cat in the background that ignores SIGTTIN", pid);
	pid = job(cat, 1, 0);
	key("x\n");
	shown("x\r\nx\r\n");
	key("\003");
	change("^C", pid);
	tcsetpgrp(0, getpid());
}

static void writer(void)
{
	static const char *const echo[] = { "echo", "some words", NULL }, *const stty[] = { "stty", "-echo", NULL };
	struct termios mode;
	pid_t pid = job(echo, 0, 0);

	change("echo in the background", pid);
	shown("some words");
	tcgetattr(0, &mode);
	mode.c_lflag |= TOSTOP;
	tcsetattr(0, TCSANOW, &mode);
	pid = job(echo, 0, 0);
	change("with tostop", pid);
	go_on(pid, 1);
	change("in front", pid);
	shown("some words");
	tcsetpgrp(0, getpid());
	pid = job(echo, 0, SIGTTOU);
	change("one that ignores SIGTTOU", pid);
	shown("some words");
	pid = job(stty, 0, 0);
	change("stty in the background", pid);
	tcgetattr(0, &mode);
	printf("echo is %s\n", mode.c_lflag & ECHO ? "on" : "off");
	go_on(pid, 1);
	change("in front", pid);
	tcsetpgrp(0, getpid());
	tcgetattr(0, &mode);
	printf("echo is %s\n", mode.c_lflag & ECHO ? "on" : "off");
}

/* A group whose members' parents are all of it, or of another session. */
static void orphan(void)
{
	static const char *const cat[] = { "cat", NULL };
	int status, ends[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(ends))
		fail("pipe");
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		if (fork() == 0) {
			/* Its parent is of its own group. */
			char *argv[64];
			int i;

			for (i = 0; i < nr_prefix; i++)
				argv[i] = prefix[i];
			argv[i] = (char *)cat[0];
			argv[i + 1] = NULL;
			read(ends[0], &status, 1);
			execvp(argv[0], argv);
			_exit(127);
		}
		/* The parent of the leader goes on; the leader ends, and init or a stranger is the child's parent. */
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (write(ends[1], "x", 1) != 1)
		fail("write");
	shown("Input/output error");
}

int main(int argc, char **argv)
{
	int slave, said = dup(1);

	prefix = argv + 1;
	nr_prefix = argc - 1;
	if (openpty(&master, &slave, NULL, NULL, NULL))
		fail("openpty");
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(said, F_SETFD, FD_CLOEXEC);
	if (fork()) {
		int status;

		wait(&status);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	dup2(slave, 0);
	dup2(slave, 1);
	dup2(slave, 2);
	close(slave);
	stdout = fdopen(said, "w");
	setvbuf(stdout, NULL, _IOLBF, 0);
	reader();
	writer();
	orphan();
	return 0;
}
