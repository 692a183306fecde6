/* SPDX-License-Identifier: MIT */
/*
 * timerfd - a timerfd counts expirations, blocks or says EAGAIN, takes absolute times and tells what is
 * left. Catches timers whose descriptor never becomes readable.
 */
#include "conform.h"
#include <sys/timerfd.h>

static uint64_t expired(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

int main(void)
{
	int fd = must(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)), real = must(timerfd_create(CLOCK_REALTIME, 0));
	struct itimerspec spec = { timespec(0), timespec(200 * MS) }, left;
	long long start = now(CLOCK_MONOTONIC);
	char small[4];

	must(timerfd_settime(fd, 0, &spec, NULL));
	fails(read(fd, &left, sizeof(left)), EAGAIN, "not yet");
	must(fcntl(fd, F_SETFL, 0));
	equal(expired(fd), 1, "blocking read");
	check(now(CLOCK_MONOTONIC) - start >= 200 * MS, "not early");
	spec = (struct itimerspec){ timespec(1 * MS), timespec(3 * MS) };
	must(timerfd_settime(fd, 0, &spec, NULL));
	sleep_ms(20);
	check(expired(fd) >= 10, "several expirations");
	must(timerfd_gettime(fd, &left));
	equal(left.it_interval.tv_nsec, 1 * MS, "interval");
	spec = (struct itimerspec){ timespec(0), timespec(now(CLOCK_REALTIME) + 3 * MS) };
	must(timerfd_settime(real, TFD_TIMER_ABSTIME, &spec, NULL));
	equal(expired(real), 1, "absolute");
	fails(read(fd, small, sizeof(small)), EINVAL, "too little room");
	fails(timerfd_create(77, 0), EINVAL, "unknown clock");
	return done();
}
