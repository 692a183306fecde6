/* SPDX-License-Identifier: MIT */
/*
 * segv-loop - two thousand faults, each left by siglongjmp, leave stack and mask as they were. Catches state
 * that piles up with every signal.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(PAGE);
	int i, good = 0;
	sigset_t set;

	must(mprotect(p, PAGE, PROT_NONE));
	for (i = 0; i < 2000; i++)
		good += caught(touch_write, p).sig == SIGSEGV;
	equal(good, 2000, "faults caught");
	must(sigprocmask(SIG_BLOCK, NULL, &set));
	equal(sigismember(&set, SIGSEGV), 0, "not blocked");
	return done();
}
