/* SPDX-License-Identifier: MIT */
/*
 * unmap-seen-by-all - after munmap or mprotect in one thread the others fault too, at once. Catches TLB
 * entries left on other cores.
 */
#include "conform.h"

static char *volatile page;
static _Atomic int turn, wrong;

static void *other(void *arg)
{
	struct fault f;

	(void)arg;
	while (turn != -1) {
		if (!turn || turn > 2) {
			sched_yield();
			continue;
		}
		f = caught(touch_write, page);
		wrong += turn == 1 ? f.sig != 0 : f.sig != SIGSEGV;
		turn = 3;
	}
	return NULL;
}

static void ask(int what)
{
	turn = what;
	until(turn == 3);
}

int main(void)
{
	pthread_t t = thread(other, NULL);
	int i;

	for (i = 0; i < 20; i++) {
		page = anon(PAGE);
		ask(1);
		must(mprotect(page, PAGE, PROT_READ));
		ask(2);
		must(mprotect(page, PAGE, PROT_READ | PROT_WRITE));
		ask(1);
		must(munmap(page, PAGE));
		ask(2);
	}
	turn = -1;
	join(t);
	equal(wrong, 0, "the other thread sees each change");
	return done();
}
