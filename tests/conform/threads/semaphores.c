/* SPDX-License-Identifier: MIT */
/*
 * semaphores - unnamed semaphores count, block, time out and say EAGAIN. Catches 64-bit semaphores' use
 * of futexes.
 */
#include "conform.h"
#include <semaphore.h>

static sem_t empty, full;
static int box;

static void *producer(void *arg)
{
	int i;

	for (i = 1; i <= 2000; i++) {
		sem_wait(&empty);
		box = i;
		sem_post(&full);
	}
	return arg;
}

int main(void)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 5 * MS);
	int i, value = -1;
	long sum = 0;
	pthread_t t;

	must(sem_init(&empty, 0, 1));
	must(sem_init(&full, 0, 0));
	fails(sem_trywait(&full), EAGAIN, "trywait");
	fails(sem_timedwait(&full, &ts), ETIMEDOUT, "timedwait");
	t = thread(producer, NULL);
	for (i = 0; i < 2000; i++) {
		sem_wait(&full);
		sum += box;
		sem_post(&empty);
	}
	join(t);
	equal(sum, 2001000, "handed over");
	must(sem_getvalue(&empty, &value));
	equal(value, 1, "value");
	return done();
}
