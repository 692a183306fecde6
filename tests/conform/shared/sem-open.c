/* SPDX-License-Identifier: MIT */
/*
 * sem-open - named semaphores count between this program and a child, which waits and is woken. Catches
 * futexes that do not reach across processes.
 */
#include "conform.h"
#include <semaphore.h>

int main(int argc, char **argv)
{
	char name[64];
	sem_t *there, *back;
	pid_t pid;
	int i;

	snprintf(name, sizeof(name), "/conform-a-%d", argc > 1 ? getppid() : getpid());
	there = sem_open(name, argc > 1 ? 0 : O_CREAT | O_EXCL, 0600, 0);
	name[9] = 'b';
	back = sem_open(name, argc > 1 ? 0 : O_CREAT | O_EXCL, 0600, 0);
	if (there == SEM_FAILED || back == SEM_FAILED)
		conform_die("sem_open", errno);
	(void)argv;
	if (argc > 1) {
		for (i = 0; i < 20; i++) {
			must(sem_wait(there));
			must(sem_post(back));
		}
		return 0;
	}
	pid = spawn_self("child");
	for (i = 0; i < 20; i++) {
		must(sem_post(there));
		must(sem_wait(back));
	}
	equal(wait_for(pid), 0, "child");
	equal(i, 20, "to and fro");
	equal(sem_unlink(name), 0, "unlink");
	name[9] = 'a';
	equal(sem_unlink(name), 0, "unlink of the other");
	check(sem_open(name, 0) == SEM_FAILED && errno == ENOENT, "gone");
	return done();
}
