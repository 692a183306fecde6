/* SPDX-License-Identifier: MIT */
/*
 * actions - file actions and attributes of posix_spawn: descriptors opened, moved and closed, mask, default
 * signals and group set. Catches actions done on the wrong descriptors.
 */
#include "conform.h"

int main(void)
{
	char sh[] = "sh", c[] = "-c", text[] = "cat; echo closed? >&8", *argv[] = { sh, c, text, NULL },
		buffer[64] = "";
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	int fd;
	pid_t pid;

	enter_tempdir();
	close(make_file("in", "from in\n", 8));
	fd = must(open("/dev/null", O_RDWR));
	must(dup2(fd, 8));
	zero(posix_spawn_file_actions_init(&actions));
	zero(posix_spawn_file_actions_addopen(&actions, 0, "in", O_RDONLY, 0));
	zero(posix_spawn_file_actions_addopen(&actions, 1, "out", O_WRONLY | O_CREAT | O_TRUNC, 0600));
	zero(posix_spawn_file_actions_adddup2(&actions, 1, 2));
	zero(posix_spawn_file_actions_addclose(&actions, 8));
	zero(posix_spawnattr_init(&attr));
	sigfillset(&set);
	zero(posix_spawnattr_setsigdefault(&attr, &set));
	sigemptyset(&set);
	zero(posix_spawnattr_setsigmask(&attr, &set));
	zero(posix_spawnattr_setpgroup(&attr, 0));
	zero(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP));
	zero(posix_spawn(&pid, "/bin/sh", &actions, &attr, argv, environ));
	check(wait_for(pid) != 0, "descriptor 8 is closed there");
	fd = must(open("out", O_RDONLY));
	check(read(fd, buffer, 63) > 8 && !memcmp(buffer, "from in\n", 8), "input and output");
	check(strstr(buffer, "8") != NULL, "errors in the same file");
	equal(write(8, "x", 1), 1, "descriptor 8 is open here");
	return done();
}
