/* SPDX-License-Identifier: MIT */
/*
 * devshm-child - a file in /dev/shm is mapped by this program and a child Linux process; each sees the
 * other's writes, through atomics, at once. This is how MPI's shared memory works.
 */
#include "conform.h"

struct area { _Atomic int ping, pong; char text[64]; };

static struct area *map(const char *name, int flags)
{
	int fd = must(open(name, O_RDWR | flags, 0600));
	struct area *a;

	if (flags)
		must(ftruncate(fd, PAGE));
	a = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	must(close(fd));
	return a;
}

static int child(void)
{
	struct area *a = map(getenv("CONFORM_SHM"), 0);
	int i;

	for (i = 1; i <= 100; i++) {
		while (a->ping != i)
			sched_yield();
		a->pong = i;
	}
	strcpy(a->text, "written by the child");
	return 0;
}

int main(int argc, char **argv)
{
	char name[64];
	struct area *a;
	pid_t pid;
	int i;

	(void)argv;
	if (argc > 1)
		return child();
	snprintf(name, sizeof(name), "/dev/shm/conform-%d", getpid());
	a = map(name, O_CREAT | O_EXCL);
	must(setenv("CONFORM_SHM", name, 1));
	pid = spawn_self("child");
	for (i = 1; i <= 100; i++) {
		a->ping = i;
		while (a->pong != i)
			sched_yield();
	}
	equal(wait_for(pid), 0, "child");
	equal(a->pong, 100, "to and fro");
	check(!strcmp(a->text, "written by the child"), "its text");
	must(unlink(name));
	return done();
}
