// SPDX-License-Identifier: MIT
/*
 * records.c - the sums of the tool with times made by hand: the definition of imbalance, tables,
 * pools, and where a report goes.
 */
#include "../lib/check.h"

#include "record.h"
#include "report.h"

#include <pthread.h>
#include <sys/stat.h>

static struct record *rec;
static struct team *team;

/* A team of threads that arrived at barrier 1 at these times. */
static void arrived(unsigned int threads, const uint64_t *at)
{
	unsigned int i;

	rec = record_get();
	ASSERT(rec);
	team = record_team(rec, threads);
	ASSERT(team);
	team->nr = threads;
	for (i = 0; i < threads; i++) {
		team->slots[i].serial = team->serial;
		team->slots[i].seq = 1;
		team->slots[i].arrive[1] = (struct arrival){ .at = at[i], .done = at[i] };
	}
}

static void after(void)
{
	if (team)
		record_team_put(rec, team);
	team = NULL;
}

TEST(imbalance_is_the_wait_for_the_last_thread)
{
	static const uint64_t at[] = { 1000, 400, 700, 1000 };

	arrived(4, at);
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 600 + 300);
}

TEST(equal_arrivals_lose_nothing)
{
	static const uint64_t at[] = { 5000, 5000, 5000 };

	arrived(3, at);
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 0);
}

/* A thread that waits from 100 to 1000 but spends 600 of it in tasks lost 300. */
TEST(tasks_run_while_waiting_are_no_loss)
{
	static const uint64_t at[] = { 1000, 100 };

	arrived(2, at);
	team->slots[1].arrive[1].busy = 600;
	team->slots[1].arrive[1].done = 900;
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 300);
}

/* All arrived at once, one got a long task: the others wait for its end, not for an arrival. */
TEST(a_task_can_keep_the_barrier_shut)
{
	static const uint64_t at[] = { 100, 100, 100 };

	arrived(3, at);
	team->slots[2].arrive[1].busy = 450;
	team->slots[2].arrive[1].done = 600;
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 500 + 500 + 50);
}

/* Catches: what a slot holds from an earlier region, or of a thread that never came. */
TEST(slots_of_other_instances_do_not_count)
{
	static const uint64_t at[] = { 1000, 10, 20, 900 };

	arrived(4, at);
	team->slots[1].serial--;
	team->slots[2].seq = 0;
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 100);
}

/* Catches: a barrier read after a thread arrived at the next one. */
TEST(two_barriers_are_kept_apart)
{
	static const uint64_t at[] = { 1000, 400 };

	arrived(2, at);
	team->slots[1].arrive[0] = (struct arrival){ .at = 5000, .done = 5000 };
	team->slots[1].seq = 2;
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 600);
}

TEST(times_near_the_end_of_the_counter_add_up)
{
	static const uint64_t at[] = { UINT64_MAX - 1, UINT64_MAX - 101, UINT64_MAX - 51 };

	arrived(3, at);
	record_barrier(team, 1);
	EXPECT_EQ(team->lost, 150);
}

/* Catches: memory taken at every region. */
TEST(teams_are_used_again)
{
	struct team *first, *inner, *again;

	rec = record_get();
	first = record_team(rec, 4);
	inner = record_team(rec, 2);
	EXPECT(first && inner && first != inner);
	record_team_put(rec, inner);
	record_team_put(rec, first);
	again = record_team(rec, 3);
	EXPECT(again == first);
	EXPECT_EQ(again->capacity, 4);
	record_team_put(rec, again);
	again = record_team(rec, 9);
	EXPECT(again == first);
	EXPECT_GE(again->capacity, 9);
	record_team_put(rec, again);
}

static const void *code(unsigned long n)
{
	return (const void *)(0x400000 + n * 16);
}

TEST(a_full_table_says_so)
{
	unsigned long i;
	struct region *r;

	rec = record_get();
	for (i = 0; i < RECORD_REGIONS; i++) {
		r = record_region(rec, code(i));
		ASSERT(r);
		EXPECT(record_region(rec, code(i)) == r);
	}
	EXPECT(!record_region(rec, code(i)));
	EXPECT(record_region(rec, code(7)));
	memset(rec->region, 0, sizeof(rec->region));
}

static void *other_thread(void *arg)
{
	struct record *mine = record_get();
	struct region *r = mine ? record_region(mine, code(1)) : NULL;

	(void)arg;
	if (r) {
		r->count += 2;
		r->ticks += 50;
		r->max = 40;
	}
	record_release();
	return mine;
}

/* Catches: threads that come and go each with a new table; equal regions listed twice. */
TEST(tables_are_handed_on_and_summed)
{
	struct region *all, *r;
	void *first, *second;
	uint64_t dropped;
	pthread_t thread;

	rec = record_get();
	r = record_region(rec, code(1));
	r->count = 1;
	r->ticks = r->max = 30;
	r = record_region(rec, code(2));
	r->count = 1;
	r->ticks = r->max = 1000;
	ASSERT_EQ(pthread_create(&thread, NULL, other_thread, NULL), 0);
	pthread_join(thread, &first);
	ASSERT_EQ(pthread_create(&thread, NULL, other_thread, NULL), 0);
	pthread_join(thread, &second);
	EXPECT(first && first == second && first != rec);
	ASSERT_EQ(record_merge(&all, &dropped), 2);
	EXPECT(all[0].code == code(2));
	EXPECT_EQ(all[1].count, 5);
	EXPECT_EQ(all[1].ticks, 130);
	EXPECT_EQ(all[1].max, 40);
	free(all);
}

TEST(noise_says_which_source_and_why_not_the_isle)
{
	uint64_t a[NR_NOISE], b[NR_NOISE];
	const struct noise_source *source;
	char why[128];

	source = noise_choose(NULL, why, sizeof(why));
	note("%s: %s", source->name, why);
	EXPECT(source == &noise_linux || source == &noise_isle);
	EXPECT(source == &noise_isle || why[0]);
	EXPECT(noise_choose("none", why, sizeof(why)) == &noise_none);
	EXPECT(noise_choose("linux", why, sizeof(why)) == &noise_linux);
	noise_linux.read(a);
	check_sleep_ms(20);
	noise_linux.read(b);
	EXPECT_GE(b[NOISE_BLOCKED] - a[NOISE_BLOCKED], 1);
	EXPECT_GE(b[NOISE_OFF_NS] - a[NOISE_OFF_NS], 15000000);
}

TEST(output_goes_where_the_setting_says)
{
	char name[64], host[64] = "", want[256];
	struct output output;
	struct stat st;

	output_open(&output, NULL);
	EXPECT(output.out == stderr && !output.json);
	output_open(&output, "json");
	EXPECT(output.out == stderr && output.json);
	gethostname(host, sizeof(host) - 1);
	snprintf(name, sizeof(name), "json:/tmp/isle-ompt-%%p-%%h-%d.json", (int)getpid());
	snprintf(want, sizeof(want), "/tmp/isle-ompt-%d-%s-%d.json", (int)getpid(), host,
		 (int)getpid());
	output_open(&output, name);
	EXPECT(output.json);
	EXPECT_STR(output.path, want);
	fprintf(output.out, "{}\n");
	output_close(&output);
	EXPECT_EQ(stat(want, &st), 0);
	EXPECT_EQ(st.st_size, 3);
	unlink(want);
}

int main(void)
{
	static const struct check_hooks hooks = { .after = after };

	return check_main(&hooks);
}
