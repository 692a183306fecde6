// SPDX-License-Identifier: MIT
/*
 * probe.c - what the tests here want of a program: `probe WHAT [FILE]`.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8

static pthread_barrier_t all;
static atomic_long sum;
static atomic_ulong cpus;

/* The n-th of the CPUs there are, and again from the first. */
static void go_to(int n)
{
	cpu_set_t set, one;
	int cpu;

	sched_getaffinity(0, sizeof(set), &set);
	n %= CPU_COUNT(&set);
	for (cpu = 0; n || !CPU_ISSET(cpu, &set); cpu++)
		n -= CPU_ISSET(cpu, &set) != 0;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void *add(void *number)
{
	int i;

	go_to((int)(long)number);
	pthread_barrier_wait(&all);
	for (i = 0; i < 1000; i++)
		sum += (long)number;
	cpus |= 1ul << sched_getcpu();
	return NULL;
}

static int threads(void)
{
	pthread_t thread[THREADS];
	long i;

	pthread_barrier_init(&all, NULL, THREADS);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, add, (void *)i))
			return 1;
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	printf("sum %ld on %d cpus\n", (long)sum, __builtin_popcountl(cpus));
	return 0;
}

/* A shared mapping of a file; prints the name of the error. */
static int map(const char *file)
{
	int fd = open(file, O_RDWR);

	if (fd < 0)
		return 1;
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("mapped\n");
	return 0;
}

static int files(const char *folder)
{
	char where[4096];
	FILE *file;

	if (mkdir(folder, 0700) || chdir(folder) || !getcwd(where, sizeof(where)))
		return 1;
	file = fopen("../where", "w");
	fprintf(file, "%s\n", where);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "threads"))
		return threads();
	if (!strcmp(what, "map") && argc > 2)
		return map(argv[2]);
	if (!strcmp(what, "files") && argc > 2)
		return files(argv[2]);
	if (!strcmp(what, "children")) {
		printf("%s\n", waitpid(-1, NULL, WNOHANG) < 0 ? "none" : "one");
		return 0;
	}
	if (!strcmp(what, "segv"))
		raise(SIGSEGV);
	if (!strcmp(what, "exit") && argc > 2)
		return atoi(argv[2]);
	if (!strcmp(what, "close"))
		close(3);
	puts("here");
	fflush(stdout);
	for (;;)
		pause();
}
