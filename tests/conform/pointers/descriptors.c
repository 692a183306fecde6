/* SPDX-License-Identifier: MIT */
/*
 * descriptors - every call on a descriptor that takes a buffer or a struct answers EFAULT for a pointer to
 * nowhere, and leaves the descriptor usable.
 */
#include "pointers.h"
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

int main(void)
{
	static struct iovec iov;
	static struct epoll_event event;
	int file, fds[2], ep, ev, dir, tfd;
	char c = 0;

	enter_tempdir();
	file = make_file("f", "hello", 5);
	must(pipe(fds));
	must(write(fds[1], "hello", 5));
	dir = must(open("/", O_RDONLY | O_DIRECTORY));
	ep = must(epoll_create1(0));
	event.events = EPOLLIN;
	must(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &event));
	ev = (int)must(syscall(SYS_eventfd2, 1, 0));
	tfd = (int)must(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0));
	iov = (struct iovec){ (void *)(uintptr_t)8, 10 };
	{
		const struct bad_call calls[] = {
			CALL(read, file, BAD, 5), CALL(read, fds[0], BAD, 5), CALL(write, file, BAD, 5),
			CALL(write, fds[1], BAD, 5), CALL(pread64, file, BAD, 5, 0),
			CALL(pwrite64, file, BAD, 5, 0), CALL(readv, file, BAD, 1),
			CALL(readv, file, (long)&iov, 1), CALL(writev, file, BAD, 1),
			CALL(writev, file, (long)&iov, 1), CALL(preadv, file, BAD, 1, 0),
			CALL(pwritev, file, BAD, 1, 0), CALL(fstat, file, BAD), CALL(fstatfs, file, BAD),
			CALL(getdents64, dir, BAD, 1000), CALL(ioctl, fds[0], FIONREAD, BAD),
			CALL(fcntl, file, F_GETLK, BAD), CALL(pipe2, BAD, 0), CALL(pipe, BAD),
			CALL(epoll_wait, ep, BAD, 1, 0), CALL(epoll_ctl, ep, EPOLL_CTL_MOD, fds[0], BAD),
			CALL(write, ev, BAD, 8), CALL(poll, BAD, 1, 0), CALL(ppoll, BAD, 1, 0, 0, 8),
			CALL(select, 1, BAD, 0, 0, 0), CALL(select, 0, 0, 0, 0, BAD),
			CALL(sendfile, fds[1], file, BAD, 1), CALL(getcwd, BAD, 4096),
			CALL(timerfd_settime, tfd, 0, BAD, 0), CALL(timerfd_gettime, tfd, BAD),
			CALL(signalfd4, -1, BAD, 8, 0), CALL(getrandom, BAD, 16, 0),
		};

		try_calls(calls, COUNT(calls));
	}
	must(lseek(file, 0, SEEK_SET));
	equal(read(file, &c, 1), 1, "the file can still be read");
	equal(read(fds[0], &c, 1), 1, "and the pipe");
	equal(c, 'h', "nothing of it was lost");
	return done();
}
