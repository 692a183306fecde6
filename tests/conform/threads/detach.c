/* SPDX-License-Identifier: MIT */
/*
 * detach - detached threads run and go without a join, five hundred times. Catches stacks and thread slots
 * that are not given back.
 */
#include "conform.h"

static _Atomic int ran;

static void *work(void *arg)
{
	(void)arg;
	ran++;
	return NULL;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t t;
	int i;

	zero(pthread_attr_init(&attr));
	zero(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
	for (i = 0; i < 500; i++) {
		zero(pthread_create(&t, &attr, work, NULL));
		until(ran >= i - 8);
	}
	until(ran == 500);
	check(1, "500 born detached");
	t = thread(work, NULL);
	zero(pthread_detach(t));
	until(ran == 501);
	check(1, "detached later");
	return done();
}
