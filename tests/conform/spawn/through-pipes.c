/* SPDX-License-Identifier: MIT */
/*
 * through-pipes - a megabyte goes through a child filter and back while this program writes and reads at
 * once. Catches descriptors the proxy keeps open, so that end of file never comes.
 */
#include "conform.h"

static void *feed(void *arg)
{
	int fd = *(int *)arg, i;
	char line[128];

	memset(line, 'l', 127);
	line[127] = '\n';
	for (i = 0; i < 8192; i++)
		if (write(fd, line, 128) != 128)
			conform_die("write", errno);
	must(close(fd));
	return NULL;
}

int main(void)
{
	char cat[] = "cat", *argv[] = { cat, NULL };
	posix_spawn_file_actions_t actions;
	static char buffer[65536];
	size_t total = 0, lines = 0;
	int in[2], out[2];
	pthread_t t;
	ssize_t n;
	pid_t pid;

	must(pipe2(in, O_CLOEXEC));
	must(pipe2(out, O_CLOEXEC));
	zero(posix_spawn_file_actions_init(&actions));
	zero(posix_spawn_file_actions_adddup2(&actions, in[0], 0));
	zero(posix_spawn_file_actions_adddup2(&actions, out[1], 1));
	zero(posix_spawnp(&pid, "cat", &actions, NULL, argv, environ));
	must(close(in[0]));
	must(close(out[1]));
	t = thread(feed, &in[1]);
	while ((n = read(out[0], buffer, sizeof(buffer))) > 0)
		for (total += (size_t)n; n > 0;)
			lines += buffer[--n] == '\n';
	join(t);
	equal(total, MIB, "bytes");
	equal(lines, 8192, "lines");
	equal(wait_for(pid), 0, "the filter's status");
	return done();
}
