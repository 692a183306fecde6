/* SPDX-License-Identifier: MIT */
/*
 * mlock - mlock, munlock, mlockall and munlockall succeed on mapped memory, ENOMEM on a hole. Catches
 * real-time programs that stop when they cannot lock.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(4 * PAGE);

	equal(mlock(p, 4 * PAGE), 0, "lock");
	memset(p, 1, 4 * PAGE);
	equal(munlock(p, 2 * PAGE), 0, "unlock a part");
	equal(mlock2(p, PAGE, MLOCK_ONFAULT), 0, "lock on fault");
	must(munmap(p + PAGE, PAGE));
	fails(mlock(p, 4 * PAGE), ENOMEM, "a hole inside");
	fails(munlock(p + PAGE, PAGE), ENOMEM, "unlock of a hole");
	fails(mlockall(0x80), EINVAL, "unknown flag");
	equal(mlockall(MCL_CURRENT), 0, "all");
	equal(munlockall(), 0, "none");
	return done();
}
