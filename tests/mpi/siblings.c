/* SPDX-License-Identifier: MIT */
/*
 * siblings.c - what becomes of a local rank that does not come: found among the launcher's children.
 *
 * This process is the launcher. Its children are itself again (an isle-run on its way), a copy of it under another name
 * (a program), with or without an MPI library mapped, and a static program.
 */
#include "../lib/check.h"

#include "launcher.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SOON = 0, LATE = 2500 };  /* ms; the grace is 2 s */

static char dir[] = "/tmp/siblings.XXXXXX";
static char self[512], other[512], library[512], hydra[512];
static struct job job = { .launcher = JOB_HYDRA, .local_size = 12 };
static struct job_key key;
static pid_t child;

static void file_copy(const char *to)
{
	int in = open(self, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	char block[65536];
	ssize_t got;

	while ((got = read(in, block, sizeof(block))) > 0)
		if (write(out, block, (size_t)got) != got)
			FAIL("writing %s: %s", to, strerror(errno));
	close(in);
	close(out);
}

static void begin(void)
{
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ASSERT(length > 0 && mkdtemp(dir));
	snprintf(other, sizeof(other), "%s/program", dir);
	snprintf(hydra, sizeof(hydra), "%s/hydra_pmi_proxy", dir);
	snprintf(library, sizeof(library), "%s/libmpich.so.12", dir);
	file_copy(other);
	file_copy(hydra);
	file_copy(library);
	key.pid = getpid();
}

/* A child that has said it is there: the program, what it maps or NULL, its number in the launcher's words. */
static void start(const char *program, const char *maps, char *number)
{
	char *envp[] = { number, (char *)"ASAN_OPTIONS=detect_leaks=0", NULL };
	char *argv[] = { (char *)program, (char *)"--wait", (char *)maps, NULL };
	char byte;
	int end[2];

	ASSERT_ERR(pipe(end), 0);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(end[1], 1);
		close(end[0]);
		close(end[1]);
		execve(program, argv, envp);
		_exit(127);
	}
	close(end[1]);
	ASSERT_EQ(read(end[0], &byte, 1), 1);
	close(end[0]);
}

static void after(void)
{
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	child = 0;
	job.launcher = JOB_HYDRA;
}

static void end(void)
{
	unlink(other);
	unlink(hydra);
	unlink(library);
	EXPECT_ERR(rmdir(dir), 0);
}

#define WHERE(rank, ms)  ((int)job_whereabouts(&job, &key, rank, ms))

/* Catches: giving up a rank that the launcher has not started yet; waiting for ever for one that ended. */
TEST(no_such_process)
{
	EXPECT_EQ(WHERE(1, SOON), MEET_COMING);
	EXPECT_EQ(WHERE(1, LATE), MEET_GONE);
}

/* Catches: an isle-run that waits for a lock taken for a program on Linux. */
TEST(another_isle_run)
{
	/* It maps what its program maps. */
	start(self, library, (char *)"MPI_LOCALRANKID=1");
	EXPECT_EQ(WHERE(1, SOON), MEET_COMING);
	EXPECT_EQ(WHERE(1, LATE), MEET_COMING);
	/* 11 begins with 1, and is nobody. */
	EXPECT_EQ(WHERE(11, LATE), MEET_GONE);
	EXPECT_EQ(WHERE(0, LATE), MEET_GONE);
}

/* Catches: the launcher between fork and exec taken for a static program. */
TEST(still_the_launcher)
{
	start(hydra, NULL, (char *)"MPI_LOCALRANKID=1");
	EXPECT_EQ(WHERE(1, LATE), MEET_COMING);
}

/* Catches: isles that wait 30 s for an MPI program on Linux. */
TEST(a_program_with_an_mpi_library)
{
	start(other, library, (char *)"MPI_LOCALRANKID=1");
	EXPECT_EQ(WHERE(1, SOON), MEET_ON_LINUX);
	EXPECT_EQ(WHERE(1, LATE), MEET_ON_LINUX);
}

/* Catches: a shell that is about to start isle-run taken for an MPI program. */
TEST(a_program_without)
{
	start(other, NULL, (char *)"MPI_LOCALRANKID=1");
	EXPECT_EQ(WHERE(1, SOON), MEET_COMING);
	EXPECT_EQ(WHERE(1, LATE), MEET_COMING);
}

/* Catches: a static MPI program on Linux never recognised, or too early. */
TEST(a_static_program)
{
	char path[600];

	snprintf(path, sizeof(path), "%.*s/static-wait", (int)(strrchr(self, '/') - self), self);
	if (access(path, X_OK))
		SKIP("there is no static program: %s", path);
	start(path, NULL, (char *)"MPI_LOCALRANKID=1");
	EXPECT_EQ(WHERE(1, SOON), MEET_COMING);
	EXPECT_EQ(WHERE(1, LATE), MEET_ON_LINUX);
}

/* Catches: a zombie that keeps its number taken for a rank on its way. */
TEST(a_dead_one)
{
	siginfo_t info;

	start(self, NULL, (char *)"MPI_LOCALRANKID=1");
	kill(child, SIGKILL);
	ASSERT_ERR(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(WHERE(1, SOON), MEET_COMING);
	EXPECT_EQ(WHERE(1, LATE), MEET_GONE);
}

TEST(slurm_has_another_variable)
{
	start(other, library, (char *)"SLURM_LOCALID=3");
	EXPECT_EQ(WHERE(3, LATE), MEET_GONE);
	job.launcher = JOB_SLURM;
	EXPECT_EQ(WHERE(3, LATE), MEET_ON_LINUX);
}

/* Catches: a launcher that has ended, whose children nobody can list. */
TEST(no_launcher)
{
	struct job_key gone = { .pid = 0x7ffffff0 };

	EXPECT_EQ(job_whereabouts(&job, &gone, 0, SOON), MEET_COMING);
	EXPECT_EQ(job_whereabouts(&job, &gone, 0, LATE), MEET_GONE);
}

static int wait_here(const char *maps)
{
	int fd = maps ? open(maps, O_RDONLY) : -1;

	if (maps && mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		return 1;
	if (write(1, "x", 1) != 1)
		return 1;
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	static const struct check_hooks hooks = { begin, after, end, "nothing_is_left" };

	if (argc > 1 && strcmp(argv[1], "--wait") == 0)
		return wait_here(argv[2]);
	return check_main(&hooks);
}
