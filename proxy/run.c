/* SPDX-License-Identifier: MIT */
/*
 * run.c - plan, create, load, start, wait, and end as the isle ended.
 *
 * Signals are blocked and read from a descriptor, so that a stop request and the isle's end are two
 * files in one poll().
 */
#include "run.h"

#include "image.h"
#include "janitor.h"
#include "plat/plat.h"
#include "program.h"
#include "progress.h"
#include "rank.h"
#include "size.h"

#include "serve/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Several launchers may want the same CPUs at once: who loses looks again. */
#define PLAN_TRIES 16

struct job {
	const struct config *config;
	struct isle isle;
	struct logtext log;
	struct progress progress;
	int signals;	/* signalfd, or -1 */
	int stopped_by; /* first signal that asked for the end, or 0 */
	struct program program;
	struct rank *rank;
	bool nonsense;	/* no plan can be made of what was asked */
};

/* Tells the other ranks of the job, and the user, unless another rank does. Returns status. */
static int fail_with(struct job *job, int status)
{
	rank_refuse(job->rank, &job->isle);
	rank_abort(job->rank, status);
	return status;
}

static int fail(struct job *job)
{
	return fail_with(job, job->nonsense ? RUN_USAGE : RUN_FAILED);
}

static int plan(struct job *job)
{
	int err = job->isle.ops->plan(&job->isle, job->config);

	job->nonsense = err == -EINVAL;
	return err;
}

/* A program's signals are the program's; otherwise some ask for the end. */
static int signals_open(struct job *job)
{
	sigset_t set;

	if (job->config->nr_program)
		return 0;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	job->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return job->signals < 0 ? why_say(&job->isle.why, -EMFILE, "signalfd: %s", strerror(errno))
				: 0;
}

static void plan_print(struct job *job, const char *image)
{
	const struct plan *p = &job->isle.plan;
	char cpus[CPUSET_TEXT], size[SIZE_TEXT];
	unsigned int i;

	if (rank_print(job->rank, &job->isle, stdout, job->config->json))
		return;
	printf("would start an isle, platform %s:\n", job->isle.ops->name);
	printf("CPUs      %s: %u CPU%s, %u core%s, %u node%s\n",
	       cpuset_print(&p->cpus, cpus, sizeof(cpus)), p->nr_cpus, p->nr_cpus == 1 ? "" : "s",
	       p->nr_cores, p->nr_cores == 1 ? "" : "s", p->nr_nodes, p->nr_nodes == 1 ? "" : "s");
	for (i = 0; i < p->nr_mem; i++)
		printf("memory    %s of node %u\n", size_print(p->mem[i].size, size),
		       p->mem[i].node);
	printf("image     %s\n", image);
	printf("arguments %s\n", job->config->args);
	if (job->config->nr_program && !rank_environment(job->rank, &job->isle))
		rank_print_variables(job->rank, stdout);
}

/* Up to the isle being created. 0 or -errno. */
static int take(struct job *job)
{
	struct isle *isle = &job->isle;
	int err, tries;

	/* A rank's part was agreed upon: nobody may choose another. */
	err = rank_place(job->rank, isle);
	if (err)
		return err < 0 ? err : isle->ops->create(isle);
	for (tries = 0; tries < PLAN_TRIES; tries++) {
		err = plan(job);
		if (!err)
			err = isle->ops->create(isle);
		if (err != -EBUSY && err != -ENOMEM)
			return err;
		/* What a platform has made so far would be lost to the next try, memory included. */
		isle->ops->close(isle);
		usleep((useconds_t)(1000 * (1 + tries)));
	}
	return err;
}

/* A stop takes as long as it takes; the first is asked for, the second is not. */
static int signals_take(struct job *job)
{
	struct signalfd_siginfo info;
	int err = 0;

	while (!err && read(job->signals, &info, sizeof(info)) == sizeof(info)) {
		err = job->isle.ops->stop(&job->isle, job->stopped_by != 0);
		if (!job->stopped_by)
			job->stopped_by = (int)info.ssi_signo;
	}
	return err;
}

/*
 * The launcher was killed. On Linux its ranks would go on, with nobody to end them; an isle goes back to the reserve,
 * and mpirun ends when the last of them has let go of its socket.
 */
static int launcher_ended(struct job *job)
{
	job->isle.ops->stop(&job->isle, true);
	return why_say(&job->isle.why, -ESRCH, "the launcher of this rank has ended without it, so its isle ends too");
}

/* Until the isle has ended. 0 or -errno. */
static int serve(struct job *job)
{
	struct isle *isle = &job->isle;
	struct pollfd fds[3] = {
		{ .fd = isle->ops->poll_fd(isle), .events = POLLIN },
		{ .fd = job->signals, .events = POLLIN },
		{ .fd = rank_launcher_fd(job->rank), .events = POLLIN },
	};
	int err = 0;

	while (!err) {
		if (job->config->verbose)
			err = isle->ops->log(isle, &job->log);
		if (err || (fds[0].revents & (POLLHUP | POLLERR)))
			break;
		/*
		 * The isle rings when its log is half full; someone who reads along wants it
		 * sooner.
		 */
		if (poll(fds, 3, job->config->verbose ? 200 : -1) < 0 && errno != EINTR)
			return why_say(&isle->why, -errno, "poll: %s", strerror(errno));
		if (fds[1].revents)
			err = signals_take(job);
		if (!err && (fds[0].revents & POLLIN))
			err = isle->ops->events(isle);
		if (!err && fds[2].revents)
			err = launcher_ended(job);
	}
	return err;
}

/*
 * Ends this process by the signal by which the isle's program ended; the status that shells use if
 * that fails.
 */
static int die_by(int signo)
{
	sigset_t set;

	fflush(stdout);
	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 128 + signo;
}

/*
 * Why the isle kernel could not load a program (126), or ended one (SIGKILL), stands in its log, as an error. A program
 * that ended so by itself leaves none there. What cannot be read is no reason to end differently.
 */
static void errors_print(struct job *job, int status)
{
	struct logtext errors = { .out = stderr, .form = LOGTEXT_ERRORS, .prefix = "isle-run: " };
	bool loading = WIFEXITED(status) && WEXITSTATUS(status) == RUN_CANNOT;
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if ((loading || killed) && !job->config->verbose)
		job->isle.ops->log(&job->isle, &errors);
}

static int outcome(struct job *job)
{
	const struct isle_stat *stat = &job->isle.stat;

	if (stat->life == ISLE_LIFE_STOPPED && job->config->nr_program)
		errors_print(job, stat->exit_code);
	if (stat->life == ISLE_LIFE_STOPPED && job->config->nr_program) {
		job->isle.ops->close(&job->isle);
		fflush(stdout);
		signals_end(stat->exit_code);
	}
	if (stat->life == ISLE_LIFE_STOPPED && WIFEXITED(stat->exit_code))
		return WEXITSTATUS(stat->exit_code);
	if (stat->life == ISLE_LIFE_STOPPED && WIFSIGNALED(stat->exit_code))
		return die_by(WTERMSIG(stat->exit_code));
	if (job->isle.ops->errors && !job->config->verbose)
		job->isle.ops->errors(&job->isle, stderr);
	if (job->isle.ops->listed)
		fprintf(stderr, "isle-run: isle %u is %s%s%s; `islectl log %u' prints what it said\n",
			job->isle.id, life_name(stat->life), stat->why[0] ? ": " : "", stat->why,
			job->isle.id);
	else
		fprintf(stderr, "isle-run: the isle is %s%s%s\n", life_name(stat->life),
			stat->why[0] ? ": " : "", stat->why);
	rank_abort(job->rank, RUN_FAILED);
	return stat->life == ISLE_LIFE_KILLED && job->stopped_by ? 128 + job->stopped_by
								 : RUN_FAILED;
}

static enum debugger_mode debug_mode(const struct config *config)
{
	if (!config->debug)
		return DEBUGGER_OFF;
	return strcmp(config->debug, "wait") ? DEBUGGER_ON : DEBUGGER_WAIT;
}

/* From a plan to a running isle. 0 or -errno. */
static int boot(struct job *job, const char *image)
{
	struct isle *isle = &job->isle;
	int err;

	progress_step(&job->progress, "creating an isle");
	err = take(job);
	if (!err) {
		progress_step(&job->progress, "isle %u: loading %s", isle->id, image);
		err = isle->ops->load(isle, image, job->config->args);
	}
	if (!err)
		err = rank_taken(job->rank, isle);
	if (!err && job->config->nr_program)
		err = rank_environment(job->rank, isle);
	if (!err && job->config->nr_program)
		err = program_serve(&job->program, isle, job->config, debug_mode(job->config));
	if (!err) {
		progress_step(&job->progress, "isle %u: starting %u CPUs", isle->id,
			      isle->plan.nr_cpus);
		/* Before any thread, and after the exec block has what is blocked at the start. */
		if (job->config->nr_program)
			signals_block();
		err = isle->ops->start(isle, job->config->start_ms);
	}
	if (!err && job->config->nr_program)
		err = program_started(&job->program, isle);
	progress_end(&job->progress);
	return err;
}

/* What would be done. 0 or a status. */
static int rehearse(struct job *job, const char *image)
{
	int err = rank_place(job->rank, &job->isle);

	if (!err)
		err = plan(job);
	/* All agree, so no rank leaves while another still waits for its word. */
	if (err >= 0)
		err = rank_taken(job->rank, &job->isle);
	if (err)
		return fail(job);
	plan_print(job, image);
	rank_rehearsed(job->rank);
	return 0;
}

static int run_job(struct job *job)
{
	struct isle *isle = &job->isle;
	char image[IMAGE_PATH];
	int err;

	/* Without one, what a killed process leaves the next one removes. */
	if (job->config->nr_program && !job->config->dry_run)
		janitor_start();
	err = rank_begin(&job->rank, job->config, isle);
	if (err) {
		job->nonsense = err == -EINVAL;
		return fail(job);
	}
	if (job->config->nr_program) {
		err = program_open(&job->program, job->config->program[0], &isle->why);
		if (err)
			return fail_with(job, err);
	}
	err = image_find(job->config->image, image, sizeof(image), &isle->why);
	if (!err)
		err = image_check(image, isle->ops->platform, isle->ops->name, &isle->why);
	if (!err && job->config->dry_run)
		return rehearse(job, image);
	if (!err)
		err = signals_open(job);
	if (err)
		return fail(job);
	err = boot(job, image);
	if (!err)
		err = serve(job);
	program_end(&job->program);
	if (err) {
		/* An isle that failed to come up has last words too. */
		if (isle->id && job->config->verbose) {
			struct why why = isle->why;

			isle->ops->log(isle, &job->log);
			isle->why = why;
		}
		program_debug_end(&job->program, SIGKILL);
		return fail(job);
	}
	err = isle->ops->finish(isle);
	program_debug_end(&job->program, isle->stat.life == ISLE_LIFE_STOPPED ? isle->stat.exit_code : SIGKILL);
	if (!err && isle->ops->report && (job->config->verbose || job->config->json))
		isle->ops->report(isle, stderr, job->config->json);
	return err ? fail(job) : outcome(job);
}

int run(const struct config *config)
{
	struct job job = {
		.config = config,
		.signals = -1,
		.log = { .out = stderr, .form = LOGTEXT_LINES },
		.program = { .file = { .fd = -1 }, .debugger = { .listener = -1 } },
		.isle = { .dev = { .fd = -1 }, .mem_fd = -1 },
	};
	struct why why;
	int status;

	progress_init(&job.progress, "isle-run", config->verbose);
	job.isle.ops = plat_choose(config, &why);
	job.isle.renumber = config->renumber;
	if (!job.isle.ops) {
		fprintf(stderr, "isle-run: %s\n", why.text);
		return RUN_USAGE;
	}
	if (config->verbose)
		fprintf(stderr, "isle-run: platform %s: %s\n", job.isle.ops->name, why.text);
	status = run_job(&job);
	rank_end(job.rank);
	job.isle.ops->close(&job.isle);
	if (job.signals >= 0)
		close(job.signals);
	return status;
}
