/* SPDX-License-Identifier: MIT */
/*
 * isle-mpi-check.c - says whether a program's MPI library fits isles, and what a rank is told.
 */
#include "check.h"
#include "cpus.h"
#include "environment.h"
#include "launcher.h"

#include <string.h>
#include <unistd.h>

static int usage(FILE *out, int status)
{
	fputs("usage: isle-mpi-check PROGRAM      does its MPI library fit isles?\n"
	      "       isle-mpi-check --job        what the launcher and this environment say\n"
	      "       isle-mpi-check --messages   all refusals, as docs/mpi.md has them\n"
	      "Status: 0 it fits, 1 it does not, 2 wrong usage.\n", out);
	return status;
}

static int failed(const struct refusal *why)
{
	fflush(stdout);
	fprintf(stderr, "isle-mpi-check: %s\n", why->text);
	return 1;
}

static void print_transports(uint32_t transports)
{
	static const char *const names[] = { "posix", "sysv", "self", "tcp", "cma" };

	printf("transports ");
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (transports >> i & 1)
			printf(" %s", names[i]);
	printf("%s\n", transports ? "" : " none");
}

static int check_program(const char *path)
{
	struct refusal why;
	struct fit fit;
	int err = fit_program(path, &fit, &why);

	if (fit.libraries.mpi_path[0])
		printf("library     %s\n", fit.libraries.mpi_path);
	if (fit.device[0])
		printf("device      %s\n", fit.device);
	if (fit.transports)
		print_transports(fit.transports);
	if (err)
		return failed(&why);
	if (fit.note.message)
		printf("note        %s\n", fit.note.text);
	printf("fits        yes\n");
	return 0;
}

static int show_job(void)
{
	struct job_binding binding;
	struct refusal why, note;
	struct rankenv env;
	struct job_key key;
	struct job job;

	if (job_read(environ, &job, &why))
		return failed(&why);
	printf("launcher    %s\n", job_launcher_name(job.launcher));
	printf("local rank  %u of %u\n", job.local_rank, job.local_size);
	printf("rank        %u of %u%s\n", job.rank, job.size,
	       job.size ? "" : " (0: the launcher does not say)");
	if (job.cpus_per_rank)
		printf("cpus a rank %u\n", job.cpus_per_rank);
	if (job.launcher != JOB_NONE && job_key_read(&job, &key, &why))
		return failed(&why);
	if (job.launcher != JOB_NONE)
		printf("key         %s\n", key.text);
	if (job_binding_read(&binding, &why))
		return failed(&why);
	job_binding_note(&job, &binding, &note);
	if (note.message)
		printf("note        %s\n", note.text);
	rankenv_plan(&(struct rankenv_ask){ .one_host = job.one_host }, environ, &env);
	printf("variables\n");
	rankenv_print(stdout, &env);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return usage(stderr, 2);
	if (strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (strcmp(argv[1], "--messages") == 0) {
		refusal_document(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--job") == 0)
		return show_job();
	return argv[1][0] == '-' ? usage(stderr, 2) : check_program(argv[1]);
}
