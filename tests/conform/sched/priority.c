/* SPDX-License-Identifier: MIT */
/*
 * priority - threads of one core with SCHED_FIFO run in the order of their priorities, one that is woken goes before
 * the lower one that woke it, and one that lowers its own gives way. Catches priorities that are only written down.
 */
#include "conform.h"
#include <semaphore.h>

static char order[64];
static _Atomic int at;
static sem_t bell;

static void note(char what)
{
	order[at++] = what;
}

static void *worker(void *arg)
{
	char name = (char)(uintptr_t)arg;

	note(name);
	if (name == 'w') {
		sem_wait(&bell);
		note('W');
	}
	return NULL;
}

static pthread_t start(char name, int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, policy);
	pthread_attr_setschedparam(&attr, &param);
	if (pthread_create(&t, &attr, worker, (void *)(uintptr_t)name))
		exit(2);
	return t;
}

static void mine(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	must(sched_setscheduler(0, priority ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER, &param));
}

static void play(void)
{
	pthread_t t[4];
	int i;

	memset(order, 0, sizeof(order));
	at = 0;
	mine(50);
	/* None of them may run before this thread waits. */
	t[0] = start('a', SCHED_OTHER, 0);
	t[1] = start('b', SCHED_FIFO, 20);
	t[2] = start('c', SCHED_FIFO, 30);
	t[3] = start('d', SCHED_RR, 20);
	note('m');
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	note(' ');
	t[0] = start('w', SCHED_FIFO, 60);
	note('1');
	sem_post(&bell);
	note('2');
	pthread_join(t[0], NULL);
	note(' ');
	t[0] = start('e', SCHED_FIFO, 40);
	note('3');
	mine(30);
	note('4');
	pthread_join(t[0], NULL);
	mine(0);
}

int main(void)
{
	struct sched_param param = { .sched_priority = 50 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) && errno == EPERM)
		skip("priorities need a right here");
	equal(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK, "policy");
	must(sched_getparam(0, &param));
	equal(param.sched_priority, 50, "priority");
	must(sem_init(&bell, 0, 0));
	/* Twice: the first time, a thread may have to wait for a page of its code. */
	play();
	play();
	check(!strcmp(order, "mcbda w1W2 3e4"), "order");
	equal(sched_getscheduler(0), SCHED_OTHER, "none again");
	return done();
}
