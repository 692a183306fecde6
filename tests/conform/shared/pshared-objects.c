/* SPDX-License-Identifier: MIT */
/*
 * pshared-objects - process-shared mutex, condition and barrier in shared memory work between two threads
 * over two mappings. Catches futex keys by address.
 */
#include "conform.h"

struct area { pthread_mutex_t m; pthread_cond_t c; pthread_barrier_t b; int turn, sum; };

static void *player(void *arg)
{
	struct area *a = arg;
	int i;

	pthread_barrier_wait(&a->b);
	for (i = 0; i < 500; i++) {
		pthread_mutex_lock(&a->m);
		while (a->turn != 1)
			pthread_cond_wait(&a->c, &a->m);
		a->turn = 0;
		a->sum++;
		pthread_cond_signal(&a->c);
		pthread_mutex_unlock(&a->m);
	}
	return NULL;
}

int main(void)
{
	int fd = must(memfd_create("conform", 0)), i;
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	pthread_barrierattr_t ba;
	struct area *a, *b;
	pthread_t t;

	must(ftruncate(fd, PAGE));
	a = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	b = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	zero(pthread_mutexattr_init(&ma));
	zero(pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED));
	zero(pthread_mutex_init(&a->m, &ma));
	zero(pthread_condattr_init(&ca));
	zero(pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED));
	zero(pthread_cond_init(&a->c, &ca));
	zero(pthread_barrierattr_init(&ba));
	zero(pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED));
	zero(pthread_barrier_init(&a->b, &ba, 2));
	t = thread(player, b);
	pthread_barrier_wait(&a->b);
	for (i = 0; i < 500; i++) {
		pthread_mutex_lock(&a->m);
		while (a->turn != 0)
			pthread_cond_wait(&a->c, &a->m);
		a->turn = 1;
		a->sum++;
		pthread_cond_signal(&a->c);
		pthread_mutex_unlock(&a->m);
	}
	join(t);
	equal(b->sum, 1000, "turns");
	return done();
}
