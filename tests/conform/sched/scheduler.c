/* SPDX-License-Identifier: MIT */
/*
 * scheduler - the scheduler of a thread is SCHED_OTHER with priority 0; wrong policies and priorities are
 * refused. Catches cyclictest and others that ask first.
 */
#include "conform.h"

int main(void)
{
	struct sched_param param = { .sched_priority = -1 };
	int ret;

	equal(sched_getscheduler(0), SCHED_OTHER, "policy");
	equal(sched_getparam(0, &param), 0, "parameters");
	equal(param.sched_priority, 0, "priority");
	equal(sched_setscheduler(0, SCHED_OTHER, &param), 0, "set to what it is");
	fails(sched_setscheduler(0, 99, &param), EINVAL, "unknown policy");
	param.sched_priority = 1;
	fails(sched_setscheduler(0, SCHED_OTHER, &param), EINVAL, "a priority with SCHED_OTHER");
	param.sched_priority = 100;
	fails(sched_setscheduler(0, SCHED_FIFO, &param), EINVAL, "priority 100");
	fails(sched_getscheduler(-1), EINVAL, "negative thread");
	fails(sched_getscheduler(0x3fffffff), ESRCH, "no such thread");
	param.sched_priority = 10;
	ret = sched_setscheduler(0, SCHED_FIFO, &param);
	check(ret == 0 || errno == EPERM, "SCHED_FIFO or EPERM");
	check(sched_getscheduler(0) == (ret ? SCHED_OTHER : SCHED_FIFO), "as was answered");
	param.sched_priority = 0;
	equal(sched_setscheduler(0, SCHED_OTHER, &param), 0, "back");
	return done();
}
