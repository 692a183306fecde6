/* SPDX-License-Identifier: MIT */
/*
 * exec-state - what execve(2) keeps: directory, mask of new files, limits, pending signals, interval timers, CPUs; and
 * what it resets: memory, POSIX timers and their signals, alternate stack, handlers, rounding, names, registers.
 */
#include "conform.h"

#include <fenv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

#define PLACE  ((void *)0x200000000000)

static int mapped(const void *at)
{
	unsigned char there;

	return mincore((void *)(uintptr_t)at, PAGE, &there) == 0;
}

static void kept(char **argv)
{
	struct itimerval timer;
	struct rlimit limit;
	sigset_t set;
	cpu_set_t cpus;
	char where[PATH_MAX];

	check(!strcmp(getcwd(where, sizeof(where)), argv[2]), "directory");
	equal(umask(022), 027, "umask");
	must(getrlimit(RLIMIT_CORE, &limit));
	equal((long)limit.rlim_cur, 0, "limit");
	sigpending(&set);
	equal(sigismember(&set, SIGUSR1), 1, "pending for the thread");
	equal(sigismember(&set, SIGUSR2), 1, "pending for the process");
	equal(sigismember(&set, SIGHUP), 0, "what a POSIX timer sent is forgotten");
	must(getitimer(ITIMER_REAL, &timer));
	check(timer.it_value.tv_sec > 900 && timer.it_interval.tv_sec == 5, "interval timer");
	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	equal(CPU_COUNT(&cpus), 1, "CPUs");
	equal(must((int)lseek(30, 0, SEEK_CUR)), 3, "offset of a descriptor");
}

static void reset(char **argv)
{
	struct itimerspec spec;
	struct sigaction sa;
	stack_t stack;
	timer_t timer = 0;
	char name[16];
	int i, bad = 0;

	for (i = 1; i <= 64; i++)
		if (i != 32 && i != 33 && sigaction(i, NULL, &sa) == 0)
			bad += sa.sa_handler != (i == SIGQUIT ? SIG_IGN : SIG_DFL) || (sa.sa_flags & ~0x04000000);
	equal(bad, 0, "handlers and their flags");
	must(sigaltstack(NULL, &stack));
	equal(stack.ss_flags, SS_DISABLE, "alternate stack");
	fails((int)syscall(SYS_timer_gettime, timer, &spec), EINVAL, "POSIX timers");
	equal(fegetround(), FE_TONEAREST, "rounding");
	must(prctl(PR_GET_NAME, name));
	check(!strncmp(name, "exec-state", 10), "name");
	check(!mapped(PLACE), "memory");
	check(!mapped((void *)strtoul(argv[3], NULL, 16)), "shared memory");
}

static void handler(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	char role[] = "second", where[PATH_MAX], segment[32], *args[] = { argv[0], role, where, segment, NULL };
	struct itimerval timer = { .it_value = { 1000, 0 }, .it_interval = { 5, 0 } };
	struct itimerspec soon = { .it_value = { 0, 1 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGHUP };
	struct rlimit none = { 0, 0 };
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	char *shared;
	cpu_set_t cpus;
	timer_t id;
	sigset_t set;
	int i;

	if (argc > 1) {
		kept(argv);
		reset(argv);
		return done();
	}
	must(chdir("/tmp"));
	must(getcwd(where, sizeof(where)) ? 0 : -1);
	umask(027);
	must(setrlimit(RLIMIT_CORE, &none));
	sigfillset(&set);
	sigdelset(&set, SIGCHLD);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	for (i = 1; i <= 64; i++)
		if (i != SIGKILL && i != SIGSTOP)
			sigaction(i, &sa, NULL);
	signal(SIGQUIT, SIG_IGN);
	must(tgkill(getpid(), gettid(), SIGUSR1));
	must(kill(getpid(), SIGUSR2));
	must(timer_create(CLOCK_MONOTONIC, &event, &id));
	must(timer_settime(id, 0, &soon, NULL));
	until(sigpending(&set) == 0 && sigismember(&set, SIGHUP));
	must(setitimer(ITIMER_REAL, &timer, NULL));
	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	for (i = 0; !CPU_ISSET(i, &cpus); i++)
		;
	CPU_ZERO(&cpus);
	CPU_SET(i, &cpus);
	must(sched_setaffinity(0, sizeof(cpus), &cpus));
	must(sigaltstack(&stack, NULL));
	must(fesetround(FE_UPWARD));
	must(prctl(PR_SET_NAME, "another name"));
	must(mmap(PLACE, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0));
	shared = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared != MAP_FAILED)
		memset(shared, 1, MIB);
	snprintf(segment, sizeof(segment), "%lx", (unsigned long)(shared == MAP_FAILED ? PLACE : shared));
	i = must(open("/proc/version", O_RDONLY));
	must(dup2(i, 30));
	must(lseek(30, 3, SEEK_SET));
	must(execv(self_path(), args));
	return 1;
}
