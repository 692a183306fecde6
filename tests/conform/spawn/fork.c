/* SPDX-License-Identifier: MIT */
/*
 * fork - fork gives a child with a copy of the memory, or fails at once with ENOSYS and leaves the program
 * as it is. Catches half a fork.
 */
#include "conform.h"

int main(void)
{
	int value = 1, status = 0;
	pid_t pid = fork();

	if (pid < 0) {
		equal(errno, ENOSYS, "clear refusal");
		return done();
	}
	if (!pid) {
		value++;
		_exit(value == 2 && getppid() > 0 ? 3 : 4);
	}
	while (waitpid(pid, &status, 0) < 0)
		must(errno == EINTR ? 0 : -1);
	equal(WEXITSTATUS(status), 3, "the child's status");
	equal(value, 1, "the parent's memory");
	return done();
}
