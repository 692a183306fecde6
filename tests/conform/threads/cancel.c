/* SPDX-License-Identifier: MIT */
/*
 * cancel - a thread blocked in read, pause, sem_wait, cond_wait or sleep is cancelled there; one that has
 * disabled it is cancelled later; clean-up handlers run. Catches SIGCANCEL (tgkill) not ending blocked calls.
 */
#include "conform.h"
#include <semaphore.h>

static int fds[2];
static sem_t sem;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static _Atomic int ready, cleaned;

static void clean(void *arg)
{
	cleaned++;
	if (arg)
		pthread_mutex_unlock(arg);
}

static void *block(void *arg)
{
	char buffer[8];
	ssize_t n = 0;

	pthread_cleanup_push(clean, (uintptr_t)arg == 3 ? &m : NULL);
	if ((uintptr_t)arg == 3)
		pthread_mutex_lock(&m);
	ready = 1;
	switch ((uintptr_t)arg) {
	case 0: n = read(fds[0], buffer, sizeof(buffer)); break;
	case 1: n = pause(); break;
	case 2: n = sem_wait(&sem); break;
	case 3: n = pthread_cond_wait(&c, &m); break;
	case 4: n = (ssize_t)sleep(100); break;
	default: for (;;)
			pthread_testcancel();
	}
	pthread_cleanup_pop(1);
	return (void *)(uintptr_t)n;
}

static void *shielded(void *arg)
{
	int old;

	(void)arg;
	zero(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
	ready = 1;
	sleep_ms(20);
	cleaned = 100;
	zero(pthread_setcancelstate(old, NULL));
	pthread_testcancel();
	return NULL;
}

int main(void)
{
	static const char *const name[] = { "read", "pause", "sem_wait", "cond_wait", "sleep", "testcancel" };
	pthread_t t;
	uintptr_t i;

	must(pipe(fds));
	must(sem_init(&sem, 0, 0));
	for (i = 0; i < COUNT(name); i++) {
		ready = 0;
		t = thread(block, (void *)i);
		until(ready);
		if (i % 2)
			sleep_ms(5);
		zero(pthread_cancel(t));
		check(join(t) == PTHREAD_CANCELED, "%s", name[i]);
	}
	equal(cleaned, 6, "clean-up handlers");
	equal(pthread_mutex_trylock(&m), 0, "the condition's mutex was given back");
	ready = 0;
	t = thread(shielded, NULL);
	until(ready);
	zero(pthread_cancel(t));
	check(join(t) == PTHREAD_CANCELED && cleaned == 100, "later when disabled");
	return done();
}
