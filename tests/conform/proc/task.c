/* SPDX-License-Identifier: MIT */
/*
 * task - /proc/self/task lists the program's threads by their tids, with their names. Catches the proxy's
 * workers showing through.
 */
#include "conform.h"

static _Atomic int leave, ready;
static _Atomic pid_t tid[3];

static void *idle(void *arg)
{
	tid[(uintptr_t)arg] = gettid();
	zero(pthread_setname_np(pthread_self(), "idle"));
	ready++;
	while (!leave)
		sleep_ms(1);
	return NULL;
}

int main(void)
{
	int n = 0, known = 0, i;
	struct dirent *e;
	pthread_t t[3];
	char path[64];
	DIR *dir;

	for (i = 0; i < 3; i++)
		t[i] = thread(idle, (void *)(uintptr_t)i);
	until(ready == 3);
	dir = opendir("/proc/self/task");
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		for (i = 0; i < 3; i++)
			known += atoi(e->d_name) == tid[i];
		known += atoi(e->d_name) == getpid();
	}
	equal(n, 4, "threads");
	equal(known, 4, "by their tids");
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid[1]);
	check(!strcmp(slurp(path), "idle\n"), "name");
	snprintf(path, sizeof(path), "/proc/%d/comm", getpid());
	check(!strncmp(slurp(path), "task", 4), "the first one's name");
	leave = 1;
	for (i = 0; i < 3; i++)
		join(t[i]);
	return done();
}
