// SPDX-License-Identifier: MIT
/*
 * places.c - the settings for many isles, and what is left of them when the user has a say.
 */
#include "../lib/check.h"

#include "places.h"

#define MAX_CPUS  256

struct shape {
	const char *what;
	unsigned int nodes, cores, smt;  /* cores of each node, hardware threads of each core */
	unsigned int first, step;        /* CPU of the first core, distance to the next core's */
	unsigned int sibling;            /* distance to the next thread of the same core */
	const char *threads, *places, *bind;
};

static const struct shape shapes[] = {
	{ "one core", 1, 1, 1, 5, 1, 0, "1", "{5}", "close" },
	{ "two cores", 1, 2, 1, 2, 1, 0, "2", "{2},{3}", "close" },
	{ "three cores", 1, 3, 1, 1, 1, 0, "3", "{1}:3", "close" },
	{ "SMT, siblings far", 1, 4, 2, 4, 1, 8, "4", "{4}:4", "close" },
	{ "SMT, siblings adjacent", 1, 4, 2, 8, 2, 1, "4", "{8}:4:2", "close" },
	{ "four threads a core", 1, 3, 4, 0, 4, 1, "3", "{0}:3:4", "close" },
	{ "every other CPU", 1, 8, 1, 1, 2, 0, "8", "{1}:8:2", "close" },
	{ "16 cores", 1, 16, 1, 16, 1, 0, "16", "{16}:16", "close" },
	{ "64 cores", 1, 64, 1, 64, 1, 0, "64", "{64}:64", "close" },
	{ "64 cores with SMT", 1, 64, 2, 0, 1, 128, "64", "{0}:64", "close" },
	{ "two nodes in a row", 2, 4, 1, 8, 1, 0, "8", "{8}:8", "close" },
	{ "two nodes of one core", 2, 1, 1, 3, 1, 0, "2", "{3},{4}", "close" },
	{ "two nodes of 32", 2, 32, 2, 0, 1, 64, "64", "{0}:64", "close" },
};

static struct places_cpu cpus[MAX_CPUS];
static struct places places;

/* Fills cpus from the last to the first, as no caller promises an order. */
static unsigned int build(const struct shape *s)
{
	unsigned int n = s->nodes * s->cores * s->smt, i = n, node, core, thread;

	for (node = 0; node < s->nodes; node++)
		for (core = 0; core < s->cores; core++)
			for (thread = 0; thread < s->smt; thread++) {
				unsigned int nth = node * s->cores + core;

				cpus[--i] = (struct places_cpu){
					.cpu = s->first + nth * s->step + thread * s->sibling,
					.core = nth, .thread = thread, .node = node,
				};
			}
	return n;
}

static void make(unsigned int nr, const char *const *env, const char *ompt)
{
	struct places_ask ask = { .cpus = cpus, .nr_cpus = nr, .env = env, .ompt = ompt };

	places_free(&places);
	ASSERT_EQ(places_make(&ask, &places), 0);
}

static void make_row(unsigned int cores, const char *const *env)
{
	struct shape row = { .nodes = 1, .cores = cores, .smt = 1, .step = 1 };

	make(build(&row), env, NULL);
}

static const char *value(const char *name)
{
	const struct places_setting *s = places_find(&places, name);

	return s ? strchr(s->text, '=') + 1 : "(not set)";
}

static int kept(const char *name)
{
	const struct places_setting *s = places_find(&places, name);

	return s && s->kept;
}

static void after(void)
{
	places_free(&places);
}

/* Catches: siblings as places, order of the input in the places, wrong intervals. */
TEST(every_shape_gets_one_thread_a_core)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		const struct shape *s = &shapes[i];
		unsigned int n = build(s);

		note("%s", s->what);
		make(n, NULL, NULL);
		EXPECT_EQ(places.nr_cores, s->nodes * s->cores);
		EXPECT_EQ(places.nr_threads, s->nodes * s->cores);
		EXPECT_STR(value("OMP_NUM_THREADS"), s->threads);
		EXPECT_STR(value("OMP_PLACES"), s->places);
		EXPECT_STR(value("OMP_PROC_BIND"), s->bind);
		EXPECT_STR(value("OMP_WAIT_POLICY"), "active");
	}
}

/* Catches: an interval over a gap. */
TEST(irregular_numbers_are_listed)
{
	static const unsigned int list[] = { 1, 2, 3, 4, 9, 11, 20, 40, 60 };
	unsigned int i, n = sizeof(list) / sizeof(*list);

	for (i = 0; i < n; i++)
		cpus[i] = (struct places_cpu){ .cpu = list[i], .core = i };
	make(n, NULL, NULL);
	EXPECT_STR(value("OMP_PLACES"), "{1}:4,{9},{11},{20}:3:20");
}

/* Cores are numbered by core, not by CPU: machines exist where that goes downwards. */
TEST(places_follow_cores_not_cpus)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		cpus[i] = (struct places_cpu){ .cpu = 9 - i, .core = i };
	make(4, NULL, NULL);
	EXPECT_STR(value("OMP_PLACES"), "{9}:4:-1");
}

/* Catches: nodes told apart by core number alone, where numbering starts again. */
TEST(cores_of_two_nodes_may_share_numbers)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		cpus[i] = (struct places_cpu){ .cpu = i, .core = i % 2, .node = i / 2 };
	make(4, NULL, NULL);
	EXPECT_EQ(places.nr_cores, 4);
}

TEST(an_isle_without_cpus_is_refused)
{
	struct places_ask ask = { .cpus = cpus };

	EXPECT_ERR(places_make(&ask, &places), -EINVAL);
	EXPECT_EQ(places.nr, 0);
}

/* Catches: spinning where it holds up others, sleeping where nobody gains. */
TEST(waiting_depends_on_threads_a_core)
{
	static const struct {
		const char *threads;
		unsigned int total;
		int active;
	} rows[] = {
		{ "OMP_NUM_THREADS=1", 1, 1 }, { "OMP_NUM_THREADS=4", 4, 1 },
		{ "OMP_NUM_THREADS=5", 5, 0 }, { "OMP_NUM_THREADS=2,2", 4, 1 },
		{ "OMP_NUM_THREADS=2, 3", 6, 0 }, { "OMP_NUM_THREADS=nonsense", 4, 1 },
		{ "OMP_NUM_THREADS=99999999999,99999999999", 1u << 20, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *env[] = { "PATH=/bin", rows[i].threads, NULL };

		note("%s", rows[i].threads);
		make_row(4, env);
		EXPECT_EQ(places.nr_threads, rows[i].total);
		EXPECT_EQ(places.active, rows[i].active);
		EXPECT(kept("OMP_NUM_THREADS"));
		EXPECT_STR(value("OMP_WAIT_POLICY"), rows[i].active ? "active" : "passive");
		EXPECT_STR(value("KMP_BLOCKTIME"), rows[i].active ? "infinite" : "0");
		EXPECT_STR(value("KMP_USE_YIELD"), rows[i].active ? "0" : "1");
		EXPECT_STR(value("GOMP_SPINCOUNT"), rows[i].active ? "infinity" : "0");
	}
}

TEST(limits_count)
{
	const char *limited[] = { "OMP_NUM_THREADS=8", "OMP_THREAD_LIMIT=4", NULL };
	const char *flat[] = { "OMP_NUM_THREADS=4,4", "OMP_MAX_ACTIVE_LEVELS=1", NULL };

	make_row(4, limited);
	EXPECT(places.active);
	make_row(4, flat);
	EXPECT_EQ(places.nr_threads, 4);
	EXPECT(places.active);
}

/* Catches: a setting of ours over the user's, whichever it is. */
TEST(what_the_user_set_is_kept)
{
	static const char *const names[] = {
		"OMP_NUM_THREADS", "OMP_PLACES", "OMP_PROC_BIND", "KMP_TOPOLOGY_METHOD",
		"OMP_WAIT_POLICY", "KMP_BLOCKTIME", "KMP_USE_YIELD", "GOMP_SPINCOUNT",
		"OMP_TOOL", "OMP_TOOL_LIBRARIES", "KMP_AFFINITY", "GOMP_CPU_AFFINITY",
		"KMP_HW_SUBSET",
	};
	char text[64];
	size_t i, k;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *env[] = { text, NULL };

		snprintf(text, sizeof(text), "%s=3", names[i]);
		make_row(4, env);
		EXPECT_THAT(kept(names[i]), "%s is not kept", names[i]);
		EXPECT_STR(value(names[i]), "3");
		for (k = 0; k < places.nr; k++)
			EXPECT_EQ(places.setting[k].kept,
				  !strcmp(places.setting[k].name, names[i]));
	}
}

/* Catches: half of a user's decision undone by a setting beside it. */
TEST(what_the_user_set_implies_is_kept_too)
{
	const char *passive[] = { "OMP_WAIT_POLICY=PASSIVE", NULL };
	const char *blocktime[] = { "KMP_BLOCKTIME=50", NULL };
	const char *active[] = { "OMP_WAIT_POLICY=active", "OMP_NUM_THREADS=99", NULL };
	const char *floats[] = { "OMP_PROC_BIND=false", NULL };
	const char *affinity[] = { "KMP_AFFINITY=scatter", NULL };
	const char *sockets[] = { "OMP_PLACES=sockets", NULL };

	make_row(4, passive);
	EXPECT_STR(value("KMP_BLOCKTIME"), "0");
	EXPECT_STR(value("GOMP_SPINCOUNT"), "0");
	EXPECT_STR(value("KMP_USE_YIELD"), "1");
	make_row(4, blocktime);
	EXPECT_STR(value("OMP_WAIT_POLICY"), "passive");
	make_row(4, active);
	EXPECT_STR(value("KMP_BLOCKTIME"), "infinite");
	make_row(4, floats);
	EXPECT(!places_find(&places, "OMP_PLACES"));
	EXPECT(!places_find(&places, "KMP_TOPOLOGY_METHOD"));
	make_row(4, affinity);
	EXPECT(!places_find(&places, "OMP_PLACES"));
	EXPECT(!places_find(&places, "OMP_PROC_BIND"));
	make_row(4, sockets);
	EXPECT(!places_find(&places, "KMP_TOPOLOGY_METHOD"));
	EXPECT_STR(value("OMP_PROC_BIND"), "close");
}

TEST(fewer_threads_than_cores_spread_over_nodes)
{
	const char *env[] = { "OMP_NUM_THREADS=2", NULL };
	struct shape two = { .nodes = 2, .cores = 4, .smt = 1, .step = 1 };

	make(build(&two), env, NULL);
	EXPECT_STR(value("OMP_PROC_BIND"), "spread");
	make_row(8, env);
	EXPECT_STR(value("OMP_PROC_BIND"), "close");
}

TEST(the_tool_is_named_or_none_is_searched_for)
{
	struct shape row = { .nodes = 1, .cores = 2, .smt = 1, .step = 1 };
	const char *env[] = { "OMP_TOOL_LIBRARIES=/opt/other.so", NULL };
	unsigned int n = build(&row);

	make(n, NULL, NULL);
	EXPECT_STR(value("OMP_TOOL"), "disabled");
	make(n, NULL, "/lib/libisle-ompt.so");
	EXPECT_STR(value("OMP_TOOL_LIBRARIES"), "/lib/libisle-ompt.so");
	EXPECT(!places_find(&places, "OMP_TOOL"));
	make(n, env, "/lib/libisle-ompt.so");
	EXPECT_STR(value("OMP_TOOL_LIBRARIES"), "/opt/other.so");
}

/* For a dry run: every line has its reason, of one line, and no name comes twice. */
TEST(every_setting_has_a_reason)
{
	unsigned int i;

	make_row(4, NULL);
	for (i = 0; i < places.nr; i++) {
		const struct places_setting *s = &places.setting[i];

		note("%s  # %s", s->text, s->reason);
		EXPECT(s->reason && *s->reason && !strchr(s->reason, '\n'));
		EXPECT(!strncmp(s->text, s->name, strlen(s->name)));
		EXPECT(places_find(&places, s->name) == s);
	}
}

int main(void)
{
	static const struct check_hooks hooks = { .after = after };

	return check_main(&hooks);
}
