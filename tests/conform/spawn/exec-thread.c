/* SPDX-License-Identifier: MIT */
/*
 * exec-thread - execve by a thread that is not the first: it has the process's number then and is alone, whatever the
 * others did: compute, wait for a mutex, read, sleep, have ended. Several at once: one of them gets through.
 */
#include "conform.h"

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static char *again[4];

static int tasks(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	int n = 0;

	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void *compute(void *arg)
{
	for (;;)
		__asm__ volatile("pause");
	return arg;
}

static void *lock(void *arg)
{
	pthread_mutex_lock(&held);
	return arg;
}

static void *reader(void *arg)
{
	char c;

	return read(*(int *)arg, &c, 1) == 1 ? arg : NULL;
}

static void *sleeper(void *arg)
{
	sleep_ms(100000);
	return arg;
}

static void *ended(void *arg)
{
	return arg;
}

static void *exec(void *arg)
{
	pthread_barrier_wait(arg);
	execv(again[0], again);
	return arg;
}

static void stage_begin(const char *stage, int execs)
{
	static pthread_barrier_t barrier;
	int i;

	again[0] = strdup(self_path());
	again[1] = strdup(stage);
	again[2] = malloc(16);
	snprintf(again[2], 16, "%d", getpid());
	fflush(stdout);
	pthread_barrier_init(&barrier, NULL, (unsigned int)execs);
	for (i = 0; i < execs; i++)
		thread(exec, &barrier);
}

int main(int argc, char **argv)
{
	static int ends[2];
	const char *stage = argc > 1 ? argv[1] : "begin";

	if (argc > 1) {
		equal(getpid(), atoi(argv[2]), "%s: same process", stage);
		equal(gettid(), getpid(), "%s: the first thread", stage);
		equal(tasks(), 1, "%s: alone", stage);
	}
	pthread_mutex_lock(&held);
	must(pipe(ends));
	if (!strcmp(stage, "begin")) {
		thread(compute, NULL);
		thread(lock, NULL);
		thread(reader, &ends[0]);
		thread(sleeper, NULL);
		stage_begin("others wait and compute", 1);
		pthread_mutex_lock(&held);
	} else if (!strcmp(stage, "others wait and compute")) {
		stage_begin("the first has ended", 1);
		pthread_exit(NULL);
	} else if (!strcmp(stage, "the first has ended")) {
		stage_begin("several at once", 4);
		compute(NULL);
	}
	join(thread(ended, NULL));
	return done();
}
