/* SPDX-License-Identifier: MIT */
/*
 * janitor.c - what a killed process told its janitor is removed, and nothing else is.
 */
#include "../lib/check.h"

#include "janitor.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char dir[64], view[128], told[160], beside[160], link_path[200];
static pid_t child;

static bool there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	EXPECT_GE(fd, 0);
	close(fd);
}

/* A folder with a view in it (a folder of two files and a link out of it), and a file beside it. */
static void make(void)
{
	snprintf(dir, sizeof(dir), "/tmp/janitor.XXXXXX");
	ASSERT(mkdtemp(dir));
	snprintf(view, sizeof(view), "%s/view", dir);
	snprintf(told, sizeof(told), "%s/sys", view);
	snprintf(beside, sizeof(beside), "%s/beside", dir);
	snprintf(link_path, sizeof(link_path), "%s/link", told);
	ASSERT_ERR(mkdir(view, 0700), 0);
	ASSERT_ERR(mkdir(told, 0700), 0);
	touch(beside);
	ASSERT_ERR(symlink(dir, link_path), 0);
}

static int move_to_200(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 200);

	close(fd);
	return high;
}

/* A process with a janitor that knows the view; says when it is ready, and ends as it is told. */
static void start(bool moves)
{
	char byte;
	int end[2];

	ASSERT_ERR(pipe(end), 0);
	child = fork();
	if (!child) {
		close(end[0]);
		setpgid(0, 0);
		if (janitor_start())
			_exit(1);
		janitor_tell(view);
		if (moves && (janitor_guard(move_to_200) || fcntl(200, F_GETFD) < 0))
			_exit(1);
		if (write(end[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(end[1]);
	ASSERT_EQ(read(end[0], &byte, 1), 1);
	/* Nobody else has this end: a janitor that kept descriptors would be seen here. */
	kill(child, SIGSTOP);
	close(end[0]);
	kill(child, SIGCONT);
}

static void killed(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	child = 0;
}

static bool gone_soon(const char *path)
{
	for (int i = 0; i < 500 && there(path); i++)
		check_sleep_ms(10);
	return !there(path);
}

static void after(void)
{
	char command[128];

	if (child > 0)
		killed();
	if (dir[0]) {
		snprintf(command, sizeof(command), "rm -rf '%s'", dir);
		EXPECT_EQ(system(command), 0);
	}
	dir[0] = 0;
}

/* Catches: a janitor that does nothing, or works while its process lives; one that follows links out of the folder. */
TEST(a_killed_process_leaves_nothing)
{
	make();
	start(false);
	check_sleep_ms(200);
	EXPECT(there(link_path));
	killed();
	EXPECT(gone_soon(view));
	EXPECT(there(beside));
}

/* Catches: a descriptor closed when it is moved, which starts the work too early, or one that is left behind. */
TEST(its_descriptor_can_move)
{
	make();
	start(true);
	check_sleep_ms(200);
	EXPECT(there(link_path));
	killed();
	EXPECT(gone_soon(view));
}

/* Catches: a janitor that dies with its process's group, as a terminal or a launcher ends it. */
TEST(it_survives_its_process_group)
{
	make();
	start(false);
	kill(-child, SIGINT);
	kill(-child, SIGKILL);
	waitpid(child, NULL, 0);
	child = 0;
	EXPECT(gone_soon(view));
}

/* Catches: a program that meets a child which it never started; a parent's pipe that never ends. */
TEST(it_is_nobodys_child_and_holds_nothing)
{
	char byte;
	int end[2], status;

	ASSERT_ERR(pipe(end), 0);
	child = fork();
	if (!child) {
		int err = janitor_start();

		/* No child of ours: there is none to wait for. */
		_exit(err || waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD);
	}
	close(end[1]);
	ASSERT_EQ(waitpid(child, &status, 0), child);
	child = 0;
	EXPECT_EQ(status, 0);
	EXPECT_EQ(read(end[0], &byte, 1), 0);
	close(end[0]);
}

/* Catches: failing when the process has tidied up itself. */
TEST(nothing_to_do)
{
	make();
	start(false);
	EXPECT_ERR(unlink(link_path), 0);
	EXPECT_ERR(rmdir(told), 0);
	EXPECT_ERR(rmdir(view), 0);
	killed();
	check_sleep_ms(100);
	EXPECT(there(beside));
}

/* Catches: telling without a janitor. */
TEST(without_a_janitor)
{
	make();
	janitor_tell(view);
	EXPECT_EQ(janitor_guard(move_to_200), 0);
	EXPECT(there(view));
}

int main(void)
{
	static const struct check_hooks hooks = { NULL, after, NULL, NULL };

	return check_main(&hooks);
}
