/* SPDX-License-Identifier: MIT */
/*
 * shared-mapping - a shared futex in a file mapping is the same word at two addresses. Catches keys made of
 * virtual addresses.
 */
#include "futex.h"

static word *a, *b;
static _Atomic int ready;

static void *wait_shared(void *arg)
{
	(void)arg;
	ready = 1;
	return (void *)(uintptr_t)(futex(a, FUTEX_WAIT, 0, NULL, NULL, 0) == 0);
}

int main(void)
{
	int fd = must(memfd_create("futex", 0)), i, n = 0;
	pthread_t t;

	must(ftruncate(fd, PAGE));
	a = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	b = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	t = thread(wait_shared, NULL);
	until(ready);
	for (i = 0; i < 5000 && !n; i++) {
		n = (int)futex(b, FUTEX_WAKE, 1, NULL, NULL, 0);
		sleep_ms(1);
	}
	equal(n, 1, "woken through the other address");
	check(join(t) != NULL, "and knows it");
	return done();
}
