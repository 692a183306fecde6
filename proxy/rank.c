/* SPDX-License-Identifier: MIT */
/*
 * rank.c - asks mpi-support in the right order, and turns its answers into an isle's plan.
 */
#include "rank.h"

#include "rank_env.h"
#include "rank_wish.h"
#include "size.h"

#include "environment.h"
#include "launcher.h"
#include "meeting.h"
#include "placement.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How many seconds a rank lets the one that failed end the job, which first has its words read and the others leave. */
#define OTHERS_S  3

extern char **environ;

struct rank {
	const struct config *config;
	struct job job;
	struct job_key key;
	int launcher_fd;        /* pidfd of the launcher's process, or -1 */
	struct meeting meeting;
	bool meets;             /* has joined the others, or there are none */
	bool told;              /* the failure was decided in the meeting: all have the sentence */
	bool others;            /* and is another rank's own, whose status the job is to have */
	struct rank_wish wish;
	struct place_plan plan; /* of the job */
	uint32_t mine;          /* row of the plan */
	uint32_t *ranks;        /* [plan.nr]: local rank of each row */
	struct place_reserve reserve;
	struct rank_env env;
	int pmi_fd;               /* the launcher's, as it was at the start; or -1 */
	struct stat pmi;
};

/* The ranks show their wishes to each other. */
ISLE_ASSERT(sizeof(struct rank_wish) <= MEET_CARD_SIZE, "a wish must fit on a card");

static int refused(struct isle *isle, int err, const struct refusal *refusal)
{
	return why_say(&isle->why, err, "%s", refusal->text);
}

static bool launched(const struct rank *rank)
{
	return rank && rank->job.launcher != JOB_NONE;
}

static int join(struct rank *rank, struct isle *isle)
{
	struct meet_ask ask = {
		.rank = rank->job.local_rank, .size = rank->job.local_size,
		.card = &rank->wish, .card_size = sizeof(rank->wish),
	};
	struct refusal why;
	int err;

	ask.key = rank->key.text;
	ask.launcher = rank->key.pid;
	ask.launcher_start = rank->key.start;
	rank->meets = true;
	err = meet_join(&rank->meeting, &ask, &why);
	return err ? refused(isle, err, &why) : 0;
}

int rank_begin(struct rank **made, const struct config *config, struct isle *isle)
{
	struct rank *rank = calloc(1, sizeof(*rank));
	struct refusal why;
	int err;

	*made = rank;
	if (!rank)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	rank->config = config;
	rank->meeting.dir = rank->meeting.fd = rank->launcher_fd = -1;
	rank->pmi_fd = getenv("PMI_FD") ? atoi(getenv("PMI_FD")) : -1;
	if (fstat(rank->pmi_fd, &rank->pmi))
		rank->pmi_fd = -1;
	err = job_read(environ, &rank->job, &why);
	if (!err && launched(rank))
		err = job_key_read(&rank->job, &rank->key, &why);
	if (err)
		return refused(isle, err, &why);
	if (!launched(rank) || !isle->ops->room)
		return 0;
	err = rank_wish_read(config, &rank->job, &rank->wish, &isle->why);
	return err ? err : join(rank, isle);
}

/* A failure in the meeting is known to all of its members. */
static int met(struct rank *rank, struct isle *isle, int err, const struct refusal *why)
{
	rank->told = err != 0;
	rank->others = err && why->message == MSG_MEET_REFUSED;
	return err ? refused(isle, err, why) : 0;
}

static enum meet_where where_is(void *ctx, uint32_t local_rank, uint64_t waited_ms)
{
	struct rank *rank = ctx;

	return job_whereabouts(&rank->job, &rank->key, local_rank, waited_ms);
}

/* What all ranks ask that want an isle, in the order of rank->ranks. NULL: no memory. */
static struct place_ask *wishes_read(struct rank *rank, uint32_t *nr)
{
	unsigned char card[MEET_CARD_SIZE];
	struct rank_wish wish;
	struct place_ask *asks;
	uint32_t i;

	rank->ranks = calloc(rank->job.local_size, sizeof(*rank->ranks));
	asks = calloc(rank->job.local_size, sizeof(*asks));
	if (!rank->ranks || !asks) {
		free(asks);
		return NULL;
	}
	*nr = meet_list(&rank->meeting, rank->ranks);
	for (i = 0; i < *nr; i++) {
		meet_card(&rank->meeting, rank->ranks[i], card);
		memcpy(&wish, card, sizeof(wish));
		asks[i] = rank_wish_ask(&wish, &rank->reserve);
		if (rank->ranks[i] == rank->job.local_rank)
			rank->mine = i;
	}
	return asks;
}

static void plan_take(const struct place_isle *place, struct plan *plan)
{
	uint64_t nodes = 0;
	uint32_t i;

	memset(plan, 0, sizeof(*plan));
	plan->cpus = place->cpus;
	plan->nr_cpus = place->nr_cpus;
	plan->nr_cores = place->nr_cores;
	plan->nr_mem = place->nr_mem;
	for (i = 0; i < place->nr_mem; i++) {
		plan->mem[i] = place->mem[i];
		nodes |= 1ull << place->mem[i].node;
	}
	plan->nr_nodes = (unsigned int)__builtin_popcountll(nodes);
	plan->spans = plan->nr_nodes > 1;
}

/* All have come: the plan of the job, from what the reserve has now. */
static int plan_make(struct rank *rank, struct isle *isle)
{
	struct place_ask *asks;
	struct refusal why;
	uint32_t nr = 0;
	int err;

	err = isle->ops->room(isle, &rank->reserve);
	if (err)
		return err;
	asks = wishes_read(rank, &nr);
	if (!asks)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	err = place_wishes(&rank->reserve, asks, nr, &rank->plan, &why);
	free(asks);
	/* All ranks come to the same end, or are told of it. */
	if (err)
		meet_refuse_all(&rank->meeting, &why, err);
	return met(rank, isle, err, &why);
}

int rank_place(struct rank *rank, struct isle *isle)
{
	struct refusal why;
	int err;

	if (!rank->meets)
		return 0;
	err = met(rank, isle, meet_gather(&rank->meeting, where_is, rank, &why), &why);
	if (!err)
		err = plan_make(rank, isle);
	if (!err)
		err = met(rank, isle, meet_agree(&rank->meeting, place_digest(&rank->plan), &why), &why);
	if (err)
		return err;
	plan_take(&rank->plan.isle[rank->mine], &isle->plan);
	return 1;
}

int rank_taken(struct rank *rank, struct isle *isle)
{
	struct refusal why;
	int err;

	if (!rank->meets)
		return 0;
	err = met(rank, isle, meet_taken(&rank->meeting, &why), &why);
	if (!err)
		meet_leave(&rank->meeting);
	return err;
}

/* The launcher may forget what it has not read of a rank's words when it is told to end the job. */
static void words_deliver(FILE *to)
{
	int waiting, i;

	fflush(to);
	for (i = 0; i < 100 && ioctl(fileno(to), FIONREAD, &waiting) == 0 && waiting > 0; i++)
		usleep(10000);
}

void rank_refuse(struct rank *rank, const struct isle *isle)
{
	bool meets = rank && rank->meets;

	/* A launcher that was killed reads no more, and the meeting is to be left all the same. */
	if (launched(rank))
		signal(SIGPIPE, SIG_IGN);
	if (meets)
		meet_refuse(&rank->meeting, isle->why.text);
	if (!meets || !rank->told || meet_first(&rank->meeting) == rank->job.local_rank)
		fprintf(stderr, "isle-run: %s\n", isle->why.text);
	if (!meets)
		return;
	/* What was said is read before it leaves: when all have left, others have the launcher end this rank. */
	words_deliver(stderr);
	meet_leave(&rank->meeting);
}

void rank_abort(const struct rank *rank, int status)
{
	char line[64];
	struct stat pmi;
	int length;

	if (!rank || rank->job.launcher != JOB_HYDRA || !getenv("PMI_FD"))
		return;
	signal(SIGPIPE, SIG_IGN);
	words_deliver(stderr);
	meet_farewell(&rank->meeting);
	/* The launcher ends the job, and this process, with the status of the first rank that asks it to. */
	if (rank->others)
		sleep(OTHERS_S);
	/* What MPI_Abort says to Hydra; the launcher then ends all ranks, this one too. */
	length = snprintf(line, sizeof(line), "cmd=abort exitcode=%d\n", status);
	/* The program may have closed it, and the number may be one of its files'. */
	if (rank->pmi_fd < 0 || fstat(rank->pmi_fd, &pmi) || pmi.st_dev != rank->pmi.st_dev ||
	    pmi.st_ino != rank->pmi.st_ino)
		return;
	if (write(rank->pmi_fd, line, (size_t)length) == length)
		usleep(100000);
}

void rank_rehearsed(const struct rank *rank)
{
	if (!rank || rank->mine != 0 || !rank->plan.nr || rank->plan.nr == rank->job.local_size)
		return;
	words_deliver(stdout);
	rank_abort(rank, 0);
}

/* Not of whoever just happens to be the parent: a shell may end before what it started. */
static int launcher_watch(struct rank *rank)
{
	int fd;

	if (!launched(rank) || !rank->key.named)
		return 0;
	fd = (int)syscall(SYS_pidfd_open, rank->key.pid, 0);
	/* It ended, and its number may be somebody else's by now: the pidfd's is not. */
	if (fd < 0 || meet_process_start(rank->key.pid) != rank->key.start)
		return fd < 0 && errno == ENOSYS ? 0 : -ESRCH;
	rank->launcher_fd = guard_take(fd);
	return rank->launcher_fd < 0 ? rank->launcher_fd : 0;
}

int rank_launcher_fd(const struct rank *rank)
{
	return rank ? rank->launcher_fd : -1;
}

int rank_environment(struct rank *rank, struct isle *isle)
{
	struct rank_env_ask ask = {
		.launched = launched(rank), .one_host = rank->job.one_host,
		.plan = &isle->plan, .renumber = isle->renumber, .reserve = &rank->reserve, .envp = environ,
	};
	int err = launcher_watch(rank);

	if (err)
		return why_say(&isle->why, err, "the launcher's process %d cannot be watched: %s", (int)rank->key.pid,
			       strerror(-err));
	if (!isle->ops->room)
		ask.reserve = NULL;
	else if (!rank->plan.nr && isle->ops->room(isle, &rank->reserve))
		return -EIO;
	err = rank_env_make(&rank->env, &ask);
	if (!err)
		err = rank_env_apply(&rank->env);
	return err ? why_say(&isle->why, err, "the program's environment cannot be set: %s", strerror(-err)) : 0;
}

static void notes_print(const struct rank *rank, FILE *out)
{
	struct job_binding binding;
	struct refusal note;

	if (job_binding_read(&binding, &note))
		return;
	job_binding_note(&rank->job, &binding, &note);
	if (note.message)
		fprintf(out, "note: %s\n", note.text);
}

void rank_print_variables(const struct rank *rank, FILE *out)
{
	rank_env_print(&rank->env, out);
}

static void others_print(const struct rank *rank, FILE *out)
{
	uint32_t others = rank->job.local_size - rank->plan.nr;

	if (others)
		fprintf(out, "the other %u of %u local ranks run%s on Linux\n", others, rank->job.local_size,
			others == 1 ? "s" : "");
}

static void job_print(struct rank *rank, struct isle *isle, FILE *out)
{
	fprintf(out, "would start %u isle%s, platform %s, for ranks that %s started:\n", rank->plan.nr,
		rank->plan.nr == 1 ? "" : "s", isle->ops->name, job_launcher_name(rank->job.launcher));
	place_print(out, &rank->plan, rank->ranks);
	others_print(rank, out);
	notes_print(rank, out);
	if (rank->config->nr_program && !rank_environment(rank, isle))
		rank_print_variables(rank, out);
}

/* Of one that plans for itself. */
static void plan_print_json(const struct rank *rank, const struct plan *plan, FILE *out)
{
	struct place_isle isle = { .cpus = plan->cpus, .nr_cpus = plan->nr_cpus, .nr_cores = plan->nr_cores,
				   .nr_mem = plan->nr_mem };
	struct place_plan one = { .nr = 1, .isle = &isle };

	memcpy(isle.mem, plan->mem, sizeof(isle.mem));
	place_print_json(out, &one, &rank->job.local_rank);
}

bool rank_print(struct rank *rank, struct isle *isle, FILE *out, bool json)
{
	if (!rank->plan.nr && json)
		plan_print_json(rank, &isle->plan, out);
	if (!rank->plan.nr)
		return json;
	if (rank->mine == 0 && json)
		place_print_json(out, &rank->plan, rank->ranks);
	else if (rank->mine == 0)
		job_print(rank, isle, out);
	return true;
}

void rank_end(struct rank *rank)
{
	if (!rank)
		return;
	if (rank->meets)
		meet_leave(&rank->meeting);
	rank_env_free(&rank->env);
	place_free(&rank->plan);
	free(rank->ranks);
	free(rank);
}
