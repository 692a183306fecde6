/* SPDX-License-Identifier: MIT */
/*
 * locks - flock and open-file-description locks exclude between descriptors; record locks do between processes,
 * which a child sees. Catches locks taken in another process' name.
 */
#include "conform.h"
#include <sys/file.h>

static struct flock whole(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET };
}

static int child(void)
{
	struct flock fl = whole(F_WRLCK);
	int fd = must(open(getenv("CONFORM_LOCK"), O_RDWR));

	if (fcntl(fd, F_GETLK, &fl) < 0 || fl.l_type != F_WRLCK || fl.l_pid != getppid())
		return 1;
	fl = whole(F_WRLCK);
	return fcntl(fd, F_SETLK, &fl) == -1 && (errno == EAGAIN || errno == EACCES) ? 0 : 2;
}

int main(int argc, char **argv)
{
	struct flock fl = whole(F_WRLCK);
	int a, b;

	(void)argv;
	if (argc > 1)
		return child();
	enter_tempdir();
	a = make_file("f", "x", 1);
	b = must(open("f", O_RDWR));
	equal(flock(a, LOCK_EX), 0, "flock");
	fails(flock(b, LOCK_EX | LOCK_NB), EAGAIN, "by another descriptor");
	equal(flock(a, LOCK_UN), 0, "unlock");
	equal(flock(b, LOCK_SH | LOCK_NB), 0, "then it can");
	must(flock(b, LOCK_UN));
	must(fcntl(a, F_OFD_SETLK, &fl));
	fl = whole(F_WRLCK);
	fails(fcntl(b, F_OFD_SETLK, &fl), EAGAIN, "description lock");
	fl = whole(F_UNLCK);
	must(fcntl(a, F_OFD_SETLK, &fl));
	fl = whole(F_WRLCK);
	must(fcntl(a, F_SETLK, &fl));
	fl = whole(F_WRLCK);
	equal(fcntl(b, F_SETLK, &fl), 0, "record locks do not exclude the process itself");
	must(setenv("CONFORM_LOCK", conform_text("%s/f", conform_dir), 1));
	equal(wait_for(spawn_self("child")), 0, "but another one");
	return done();
}
