// SPDX-License-Identifier: MIT
/*
 * tool.c - what the OpenMP runtime calls: start, the callbacks of a region's life, the end.
 *
 * A region instance lives from parallel_begin to parallel_end of the thread that meets it. Each
 * thread of its team finds its slot at implicit_task_begin and notes when it arrives at a barrier.
 * Departures are not used for the account: a worker leaves the last barrier of a region only when
 * the next region starts, so how long it "waited" there says nothing. See docs/openmp.md for the
 * definition that arrivals alone suffice for.
 *
 * The runtime hands each callback a word of the tool's own: the team for a region, the slot for an
 * implicit task, EXPLICIT for an explicit one.
 */
#include "record.h"
#include "report.h"

#include <cpuid.h>
#include <omp-tools.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define EXPLICIT  1u

/*
 * Reading noise on Linux is two system calls a thread. A region takes part always at first and if
 * its instances are long, else one time in SPARSE. LONG is some 200 us at any usual TSC rate.
 */
#define ALWAYS_FIRST  16
#define SPARSE        64
#define LONG_TICKS    500000u
/* A barrier so soon after the last reading does not read again. */
#define SOON_TICKS    100000u

static struct {
	const struct noise_source *noise;
	char isle_why[160];
	char runtime[160];
	struct output output;
	uint64_t ticks, ns;
	pid_t pid;
} tool;

static uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static bool sample_now(const struct region *r)
{
	if (tool.noise->cheap || r->count < ALWAYS_FIRST || r->count % SPARSE == 0)
		return true;
	return r->ticks / r->count >= LONG_TICKS;
}

static void on_parallel_begin(ompt_data_t *task, const ompt_frame_t *frame, ompt_data_t *parallel,
			      unsigned int requested, int flags, const void *code)
{
	struct record *rec;
	struct team *team;

	(void)task;
	(void)frame;
	parallel->ptr = NULL;
	/* A league of teams has no implicit tasks of ours; the regions within it are counted. */
	if (flags & ompt_parallel_league)
		return;
	rec = record_get();
	if (!rec)
		return;
	team = record_team(rec, requested);
	if (!team) {
		rec->dropped++;
		return;
	}
	team->region = record_region(rec, code);
	if (!team->region) {
		rec->dropped++;
		record_team_put(rec, team);
		return;
	}
	team->sample = sample_now(team->region);
	parallel->ptr = team;
	team->begin = __rdtsc();
}

static void add_noise(struct team *team)
{
	struct region *r = team->region;
	uint32_t i;
	int k;

	for (i = 0; i < team->nr && i < team->capacity; i++) {
		const struct slot *s = &team->slots[i];

		if (__atomic_load_n(&s->serial, __ATOMIC_RELAXED) != team->serial)
			continue;
		for (k = 0; k < NR_NOISE; k++)
			r->noise[k] += (int64_t)s->noise[k];
	}
	r->sampled++;
}

static void on_parallel_end(ompt_data_t *parallel, ompt_data_t *task, int flags, const void *code)
{
	uint64_t now = __rdtsc(), ticks;
	struct team *team = parallel->ptr;
	struct record *rec;
	struct region *r;

	(void)task;
	(void)flags;
	(void)code;
	if (!team)
		return;
	parallel->ptr = NULL;
	if (!team->nr)
		team->nr = 1;
	/* The last barrier, unless its departure was reported before. */
	if (team->slots[0].serial == team->serial && team->seq < team->slots[0].seq)
		record_barrier(team, team->slots[0].seq);
	r = team->region;
	ticks = now - team->begin;
	r->count++;
	r->ticks += ticks;
	r->thread_ticks += ticks * team->nr;
	r->lost += team->lost;
	if (ticks > r->max)
		r->max = ticks;
	if (team->nr > r->threads)
		r->threads = team->nr;
	if (team->sample) {
		add_noise(team);
		r->sampled_ticks += ticks * team->nr;
	}
	rec = record_get();
	if (rec)
		record_team_put(rec, team);
}

static void on_implicit_task(ompt_scope_endpoint_t endpoint, ompt_data_t *parallel,
			     ompt_data_t *task, unsigned int threads, unsigned int index,
			     int flags)
{
	struct team *team = parallel ? parallel->ptr : NULL;
	struct slot *s;

	/* A worker's end is reported when the team may be in use again: nothing to do by then. */
	if (endpoint != ompt_scope_begin)
		return;
	task->ptr = NULL;
	if (!team || flags & ompt_task_initial || index >= team->capacity)
		return;
	s = &team->slots[index];
	s->team = team;
	s->index = index;
	s->waiting = false;
	s->task_start = 0;
	__atomic_store_n(&s->seq, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&s->serial, team->serial, __ATOMIC_RELAXED);
	if (!index)
		team->nr = threads;
	task->ptr = s;
	if (team->sample) {
		memset(s->noise, 0, sizeof(s->noise));
		s->noise_time = __rdtsc();
		tool.noise->read(s->start);
	}
}

static void read_noise(struct slot *s, uint64_t now)
{
	uint64_t total[NR_NOISE];
	int k;

	if (s->seq > 1 && now - s->noise_time < SOON_TICKS)
		return;
	tool.noise->read(total);
	for (k = 0; k < NR_NOISE; k++)
		s->noise[k] = total[k] - s->start[k];
	s->noise_time = now;
}

static void arrive(struct slot *s)
{
	uint64_t now = __rdtsc();
	struct arrival *a = &s->arrive[(s->seq + 1) & 1];

	__atomic_store_n(&a->at, now, __ATOMIC_RELAXED);
	__atomic_store_n(&a->busy, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&a->done, now, __ATOMIC_RELAXED);
	__atomic_store_n(&s->seq, s->seq + 1, __ATOMIC_RELEASE);
	s->waiting = true;
	s->task_start = 0;
	if (s->team->sample)
		read_noise(s, now);
}

static bool is_barrier(ompt_sync_region_t kind)
{
	return kind != ompt_sync_region_taskwait && kind != ompt_sync_region_taskgroup &&
	       kind != ompt_sync_region_reduction;
}

static struct slot *slot_of(const ompt_data_t *task)
{
	return task && task->value > EXPLICIT ? task->ptr : NULL;
}

static void on_sync_region(ompt_sync_region_t kind, ompt_scope_endpoint_t endpoint,
			   ompt_data_t *parallel, ompt_data_t *task, const void *code)
{
	struct slot *s = slot_of(task);

	(void)code;
	if (!s || !is_barrier(kind))
		return;
	if (endpoint == ompt_scope_begin) {
		arrive(s);
		return;
	}
	/* Without a region it is a worker's late departure; the slot may be another's now. */
	if (endpoint != ompt_scope_end || !parallel || parallel->ptr != s->team)
		return;
	s->waiting = false;
	if (!s->index && s->team->seq < s->seq) {
		s->team->seq = s->seq;
		record_barrier(s->team, s->seq);
	}
}

static void on_task_create(ompt_data_t *task, const ompt_frame_t *frame, ompt_data_t *created,
			   int flags, int has_dependences, const void *code)
{
	(void)task;
	(void)frame;
	(void)has_dependences;
	(void)code;
	if (created && !(flags & (ompt_task_initial | ompt_task_implicit)))
		created->value = EXPLICIT;
}

/* A thread that waits at a barrier may be given an explicit task: that time is not lost. */
static void on_task_schedule(ompt_data_t *prior, ompt_task_status_t status, ompt_data_t *next)
{
	struct slot *from = slot_of(prior), *to = slot_of(next);
	struct arrival *a;
	uint64_t now;

	(void)status;
	if (from && !to) {
		if (from->waiting)
			from->task_start = __rdtsc();
	} else if (to && !from && to->waiting && to->task_start) {
		now = __rdtsc();
		a = &to->arrive[to->seq & 1];
		__atomic_store_n(&a->busy, a->busy + now - to->task_start, __ATOMIC_RELAXED);
		__atomic_store_n(&a->done, now, __ATOMIC_RELAXED);
		to->task_start = 0;
	}
}

static void on_thread_end(ompt_data_t *thread)
{
	(void)thread;
	record_release();
}

static int tool_start(ompt_function_lookup_t lookup, int device, ompt_data_t *data)
{
	static const struct {
		ompt_callbacks_t event;
		ompt_callback_t callback;
		bool needed;
	} want[] = {
		{ ompt_callback_parallel_begin, (ompt_callback_t)on_parallel_begin, true },
		{ ompt_callback_parallel_end, (ompt_callback_t)on_parallel_end, true },
		{ ompt_callback_implicit_task, (ompt_callback_t)on_implicit_task, true },
		{ ompt_callback_sync_region, (ompt_callback_t)on_sync_region, true },
		{ ompt_callback_task_create, (ompt_callback_t)on_task_create, false },
		{ ompt_callback_task_schedule, (ompt_callback_t)on_task_schedule, false },
		{ ompt_callback_thread_end, (ompt_callback_t)on_thread_end, false },
	};
	ompt_set_callback_t set = (ompt_set_callback_t)lookup("ompt_set_callback");
	unsigned int i;

	(void)device;
	(void)data;
	for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
		if (set && set(want[i].event, want[i].callback) == ompt_set_always)
			continue;
		if (want[i].needed) {
			fprintf(stderr, "isle-ompt: %s does not report regions; no report\n",
				tool.runtime);
			return 0;
		}
	}
	tool.pid = getpid();
	tool.noise = noise_choose(getenv("ISLE_OMPT_NOISE"), tool.isle_why, sizeof(tool.isle_why));
	output_open(&tool.output, getenv("ISLE_OMPT"));
	tool.ns = clock_ns();
	tool.ticks = __rdtsc();
	return 1;
}

static bool tsc_is_steady(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(0x80000007, &a, &b, &c, &d) && d & 1u << 8;
}

static void tool_end(ompt_data_t *data)
{
	struct report report = {
		.runtime = tool.runtime,
		.noise = tool.noise,
		.isle_why = tool.isle_why,
		.steady = tsc_is_steady(),
	};
	struct timespec ms = { 0, 1000000 };
	int n;

	(void)data;
	/* A child of the program that was forked and not replaced: not its report. */
	if (getpid() != tool.pid)
		return;
	/* The whole run calibrates the TSC; one shorter than this would do it badly. */
	if (clock_ns() - tool.ns < 1000000)
		nanosleep(&ms, NULL);
	report.ticks = __rdtsc() - tool.ticks;
	report.ns = clock_ns() - tool.ns;
	n = record_merge(&report.regions, &report.dropped);
	if (n < 0) {
		fprintf(stderr, "isle-ompt: no memory for the report\n");
		return;
	}
	report.nr = (unsigned int)n;
	if (tool.output.json)
		report_json(tool.output.out, &report);
	else
		report_table(tool.output.out, &report);
	output_close(&tool.output);
	free(report.regions);
}

/* The one symbol of this library, which the runtime looks up; omp-tools.h does not declare it. */
__attribute__((visibility("default")))
ompt_start_tool_result_t *ompt_start_tool(unsigned int omp_version, const char *runtime_version);

ompt_start_tool_result_t *ompt_start_tool(unsigned int omp_version, const char *runtime_version)
{
	static ompt_start_tool_result_t result = { tool_start, tool_end, { 0 } };
	const char *setting = getenv("ISLE_OMPT");

	if (setting && !strcmp(setting, "0"))
		return NULL;
	snprintf(tool.runtime, sizeof(tool.runtime), "%s (%u)",
		 runtime_version ? runtime_version : "unknown runtime", omp_version);
	return &result;
}
