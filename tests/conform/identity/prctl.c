/* SPDX-License-Identifier: MIT */
/*
 * prctl - prctl's everyday uses: dumpable, no new privileges, parent-death signal, keep capabilities;
 * unknown ones are EINVAL. Catches ENOSYS where programs expect a flag.
 */
#include "conform.h"
#include <sys/prctl.h>

int main(void)
{
	int sig = -1;

	equal(prctl(PR_SET_DUMPABLE, 0), 0, "set dumpable");
	equal(prctl(PR_GET_DUMPABLE), 0, "get dumpable");
	equal(prctl(PR_SET_DUMPABLE, 1), 0, "back");
	equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0, "no new privileges");
	equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1, "is kept");
	equal(prctl(PR_SET_PDEATHSIG, SIGUSR1), 0, "parent-death signal");
	equal(prctl(PR_GET_PDEATHSIG, &sig), 0, "asked for");
	equal(sig, SIGUSR1, "is kept");
	fails(prctl(99999, 0, 0, 0, 0), EINVAL, "unknown");
	return done();
}
