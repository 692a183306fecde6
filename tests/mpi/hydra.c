/* SPDX-License-Identifier: MIT */
/*
 * hydra.c - ranks that MPICH's mpirun really starts know who they are and meet.
 *
 * This program is both: the test, and with --rank a rank of the test's job.
 */
#include "../lib/check.h"

#include "launcher.h"
#include "meeting.h"

#include <sys/wait.h>

/* What a rank does up to its program. One line on standard output. */
static int be_a_rank(void)
{
	struct meet_ask ask = { .timeout_ms = 10000 };
	struct meeting meeting;
	struct refusal why;
	struct job_key key;
	struct job job;
	int err;

	err = job_read(environ, &job, &why);
	if (!err)
		err = job_key_read(&job, &key, &why);
	if (err) {
		printf("refused %s\n", why.text);
		return 1;
	}
	ask.key = key.text;
	ask.launcher = key.pid;
	ask.launcher_start = key.start;
	ask.rank = job.local_rank;
	ask.size = job.local_size;
	err = meet_join(&meeting, &ask, &why);
	if (!err)
		err = meet_agree(&meeting, 42, &why);
	if (!err)
		err = meet_taken(&meeting, &why);
	meet_leave(&meeting);
	if (err)
		printf("refused %s\n", why.text);
	else
		printf("started %u of %u by %s\n", job.local_rank, job.local_size,
		       job_launcher_name(job.launcher));
	return err ? 1 : 0;
}

/* Runs a job and counts the ranks that started. */
static void run_job(const char *format, unsigned int ranks)
{
	char self[512], command[2048], line[1024], want[64];
	unsigned int started = 0;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *out;

	ASSERT_GT(length, 0);
	self[length] = 0;
	snprintf(command, sizeof(command), format, ranks, self, self);
	snprintf(want, sizeof(want), "of %u by Hydra (MPICH's mpirun)\n", ranks);
	out = popen(command, "r");
	ASSERT(out);
	while (fgets(line, sizeof(line), out)) {
		if (strncmp(line, "started ", 8) == 0 && strstr(line, want))
			started++;
		else
			note("%s", line);
	}
	EXPECT_EQ(pclose(out), 0);
	EXPECT_EQ(started, ranks);
}

static void begin(void)
{
	if (system("command -v mpirun.mpich > /dev/null 2>&1"))
		SKIP("there is no mpirun.mpich");
}

#define JOB  "timeout 60 mpirun.mpich -n %u "

TEST(ranks_meet)
{
	begin();
	run_job(JOB "'%s' --rank", 4);
}

TEST(ranks_behind_a_script_meet)
{
	begin();
	run_job(JOB "sh -c \"sh -c '%s --rank; true'; true\"", 3);
}

TEST(ranks_of_two_executables_meet)
{
	begin();
	run_job("n=%u; timeout 60 mpirun.mpich -n 1 '%s' --rank : -n $((n - 1)) '%s' --rank", 3);
}

TEST(ranks_of_a_port_meet)
{
	begin();
	run_job(JOB "-pmi-port '%s' --rank", 2);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--rank") == 0)
		return be_a_rank();
	return check_main(NULL);
}
