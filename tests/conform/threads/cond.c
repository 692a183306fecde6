/* SPDX-License-Identifier: MIT */
/*
 * cond - signal wakes one waiter, broadcast all; hand-over between two threads loses nothing. Catches lost
 * or doubled wake-ups.
 */
#include "conform.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER, ready = PTHREAD_COND_INITIALIZER;
static int tickets, waiting, served, turn;

static void *waiter(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&m);
	waiting++;
	pthread_cond_signal(&ready);
	while (!tickets)
		pthread_cond_wait(&c, &m);
	tickets--;
	served++;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&m);
	return NULL;
}

static void *ping(void *arg)
{
	int i, me = (int)(uintptr_t)arg;

	for (i = 0; i < 2000; i++) {
		pthread_mutex_lock(&m);
		while (turn % 2 != me)
			pthread_cond_wait(&c, &m);
		turn++;
		pthread_cond_signal(&c);
		pthread_mutex_unlock(&m);
	}
	return NULL;
}

static void serve(int n, int total)
{
	pthread_mutex_lock(&m);
	while (waiting < 8)
		pthread_cond_wait(&ready, &m);
	tickets = n;
	if (n == 1)
		pthread_cond_signal(&c);
	else
		pthread_cond_broadcast(&c);
	while (served < total)
		pthread_cond_wait(&ready, &m);
	pthread_mutex_unlock(&m);
}

int main(void)
{
	pthread_t t[8];
	int i;

	for (i = 0; i < 8; i++)
		t[i] = thread(waiter, NULL);
	serve(1, 1);
	equal(served, 1, "signal");
	serve(7, 8);
	equal(served, 8, "broadcast");
	for (i = 0; i < 8; i++)
		join(t[i]);
	for (i = 0; i < 2; i++)
		t[i] = thread(ping, (void *)(uintptr_t)i);
	for (i = 0; i < 2; i++)
		join(t[i]);
	equal(turn, 4000, "hand-over");
	return done();
}
