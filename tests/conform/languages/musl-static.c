/* SPDX-License-Identifier: MIT */
/*
 * musl-static - a static program with another C library: threads, conditions, TLS, files, processes, signals. Catches
 * what only glibc asks for being taken for granted.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int bad;
static _Thread_local int mine = 7;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static long counter;
static volatile sig_atomic_t hits;

static void ok(int good, const char *name)
{
	printf(good ? "ok %s\n" : "not ok %s: not so\n", name);
	bad += !good;
}

static void *work(void *arg)
{
	int i;

	mine += *(int *)arg;
	for (i = 0; i < 2000; i++) {
		pthread_mutex_lock(&m);
		counter++;
		pthread_cond_signal(&c);
		pthread_mutex_unlock(&m);
	}
	*(int *)arg = mine;
	return arg;
}

static void *sleeper(void *arg)
{
	pause();
	return arg;
}

static void handler(int sig)
{
	hits = sig;
}

static void threads(void)
{
	int args[8], i, good = 1;
	pthread_t t[8];
	void *result;

	for (i = 0; i < 8; i++) {
		args[i] = i;
		good &= pthread_create(&t[i], NULL, work, &args[i]) == 0;
	}
	pthread_mutex_lock(&m);
	while (counter < 16000)
		pthread_cond_wait(&c, &m);
	pthread_mutex_unlock(&m);
	for (i = 0; i < 8; i++)
		good &= pthread_join(t[i], NULL) == 0 && args[i] == 7 + i;
	ok(good && counter == 16000, "eight threads");
	pthread_create(&t[0], NULL, sleeper, NULL);
	usleep(5000);
	pthread_cancel(t[0]);
	pthread_join(t[0], &result);
	ok(result == PTHREAD_CANCELED, "cancelled");
}

int main(void)
{
	struct timespec ts;
	char name[256], line[64] = "";
	const char *dir = getenv("TMPDIR");
	sem_t sem;
	FILE *f;
	int i;
	char *p;

	threads();
	sem_init(&sem, 0, 0);
	clock_gettime(CLOCK_REALTIME, &ts);
	ok(sem_timedwait(&sem, &ts) < 0 && errno == ETIMEDOUT, "sem_timedwait");
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	ok(hits == SIGUSR1, "signal");
	for (i = 0, p = NULL; i < 20; i++) {
		p = realloc(p, (size_t)16 << i);
		p[((size_t)16 << i) - 1] = 1;
	}
	free(p);
	ok(1, "realloc");
	snprintf(name, sizeof(name), "%s/conform-musl-%d", dir ? dir : "/tmp", getpid());
	f = fopen(name, "w+");
	fprintf(f, "%.17g %s\n", 0.1, "text");
	rewind(f);
	ok(fgets(line, sizeof(line), f) && !strcmp(line, "0.10000000000000001 text\n"), "file");
	ok(fclose(f) == 0 && unlink(name) == 0, "removed");
	ok(WEXITSTATUS(system("exit 3")) == 3, "system");
	f = popen("echo child", "r");
	ok(fgets(line, sizeof(line), f) && !strcmp(line, "child\n") && pclose(f) == 0, "popen");
	ok(sysconf(_SC_NPROCESSORS_ONLN) >= 1, "cores");
	return bad;
}
