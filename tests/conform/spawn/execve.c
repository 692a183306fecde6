/* SPDX-License-Identifier: MIT */
/*
 * execve - execve replaces the program: same pid, new arguments and environment, descriptors kept but for
 * O_CLOEXEC, handlers reset, ignored signals and mask kept.
 */
#include "conform.h"

static void handler(int sig)
{
	(void)sig;
}

static int second(char **argv)
{
	struct sigaction sa;
	sigset_t set;

	check(atoi(argv[2]) == getpid(), "same pid");
	check(argv[3] && !strcmp(argv[3], "third argument") && !argv[4], "arguments");
	check(getenv("NEW") && !strcmp(getenv("NEW"), "1") && !getenv("PATH"), "environment");
	equal(fcntl(20, F_GETFD), 0, "descriptor kept");
	fails(fcntl(21, F_GETFD), EBADF, "descriptor closed");
	must(sigaction(SIGUSR1, NULL, &sa));
	check(sa.sa_handler == SIG_DFL, "handler reset");
	must(sigaction(SIGUSR2, NULL, &sa));
	check(sa.sa_handler == SIG_IGN, "ignored still");
	must(sigprocmask(SIG_BLOCK, NULL, &set));
	equal(sigismember(&set, SIGTERM), 1, "mask kept");
	return done();
}

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	char role[] = "second", pid[16], third[] = "third argument", new[] = "NEW=1";
	char *args[] = { argv[0], role, pid, third, NULL }, *env[] = { new, NULL };
	sigset_t set;
	int fd;

	if (argc > 1)
		return second(argv);
	fails(execve("/no/such/program", args, env), ENOENT, "no such program");
	fails(execve("/", args, env), EACCES, "a directory");
	fails(execve("/dev/null", args, env), EACCES, "a device");
	fd = must(open("/dev/null", O_RDWR));
	must(dup2(fd, 20));
	must(dup3(fd, 21, O_CLOEXEC));
	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	thread(idle, NULL);
	snprintf(pid, sizeof(pid), "%d", getpid());
	must(execve(self_path(), args, env));
	return 1;
}
