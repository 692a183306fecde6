// SPDX-License-Identifier: MIT
/*
 * places.c - settings in the order in which one explains the next: how many, where, how they wait.
 *
 * libomp and libgomp share the OMP_ names; KMP_ and GOMP_ names say what the standard cannot. Both
 * families are set, because the launcher does not know which runtime a program will load.
 * GOMP_CPU_AFFINITY is never set: both runtimes read it, and libomp warns when it meets OMP_PLACES.
 */
#include "places.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_THREADS  (1u << 20)  /* what a product of nested numbers is cut at */

static const char *env_get(const struct places_ask *ask, const char *name)
{
	size_t len = strlen(name);
	const char *const *e;

	for (e = ask->env; e && *e; e++)
		if (!strncmp(*e, name, len) && (*e)[len] == '=')
			return *e + len + 1;
	return NULL;
}

__attribute__((format(printf, 5, 6)))
static int add(struct places *p, bool kept, const char *name, const char *reason,
	       const char *format, ...)
{
	struct places_setting *s = &p->setting[p->nr];
	va_list args;
	char *value;
	int n;

	if (p->nr == PLACES_MAX_SETTINGS)
		return -ENOMEM;
	va_start(args, format);
	n = vasprintf(&value, format, args);
	va_end(args);
	if (n < 0)
		return -ENOMEM;
	n = asprintf(&s->text, "%s=%s", name, value);
	free(value);
	if (n < 0)
		return -ENOMEM;
	s->name = name;
	s->reason = reason;
	s->kept = kept;
	p->nr++;
	return 0;
}

/* Notes what the user set. 1: there is such a setting, 0: there is none. */
static int keep(const struct places_ask *ask, struct places *p, const char *name)
{
	const char *value = env_get(ask, name);
	int ret;

	if (!value)
		return 0;
	ret = add(p, true, name, "kept as the user set it", "%s", value);
	return ret ? ret : 1;
}

/* Sets a name unless the user did. */
static int offer(const struct places_ask *ask, struct places *p, const char *name,
		 const char *value, const char *reason)
{
	int ret = keep(ask, p, name);

	if (ret)
		return ret < 0 ? ret : 0;
	return add(p, false, name, reason, "%s", value);
}

/* By node, core, thread: neighbours in the list are neighbours in the machine. */
static int by_place(const void *va, const void *vb)
{
	const struct places_cpu *a = va, *b = vb;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	if (a->core != b->core)
		return a->core < b->core ? -1 : 1;
	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return a->cpu < b->cpu ? -1 : a->cpu > b->cpu;
}

/* One CPU a core, in core order. The caller frees the list. */
static struct places_cpu *cores_of(const struct places_ask *ask, unsigned int *nr)
{
	struct places_cpu *list = calloc(ask->nr_cpus, sizeof(*list));
	unsigned int i, n = 0;

	if (!list)
		return NULL;
	memcpy(list, ask->cpus, ask->nr_cpus * sizeof(*list));
	qsort(list, ask->nr_cpus, sizeof(*list), by_place);
	for (i = 0; i < ask->nr_cpus; i++)
		if (!n || list[i].core != list[n - 1].core || list[i].node != list[n - 1].node)
			list[n++] = list[i];
	*nr = n;
	return list;
}

/*
 * Threads that OMP_NUM_THREADS asks for, or 0. A list has one number a nesting level; a level
 * counts only if it is one that OMP_MAX_ACTIVE_LEVELS lets run, by default those in the list.
 */
static unsigned int threads_asked(const struct places_ask *ask)
{
	const char *s = env_get(ask, "OMP_NUM_THREADS"), *levels, *limit;
	unsigned long n, product = 1, deepest = ~0ul;
	char *end;

	if (!s)
		return 0;
	levels = env_get(ask, "OMP_MAX_ACTIVE_LEVELS");
	if (levels && *levels)
		deepest = strtoul(levels, NULL, 10);
	for (; deepest; deepest--, s = end + 1) {
		n = strtoul(s, &end, 10);
		if (end == s || !n)
			return 0;
		product *= n < MAX_THREADS ? n : MAX_THREADS;
		if (product > MAX_THREADS)
			product = MAX_THREADS;
		end += strspn(end, " \t");
		if (*end != ',')
			break;
	}
	limit = env_get(ask, "OMP_THREAD_LIMIT");
	n = limit ? strtoul(limit, NULL, 10) : 0;
	return (unsigned int)(n && n < product ? n : product);
}

static int how_many(const struct places_ask *ask, struct places *p)
{
	unsigned int asked = threads_asked(ask);
	int ret = keep(ask, p, "OMP_NUM_THREADS");

	p->nr_threads = asked ? asked : p->nr_cores;
	if (ret)
		return ret < 0 ? ret : 0;
	return add(p, false, "OMP_NUM_THREADS", "one thread a core of the isle", "%u", p->nr_cores);
}

/* {c}:n:step where the numbers are that regular, else each place by itself. */
static char *places_text(const struct places_cpu *core, unsigned int nr)
{
	unsigned int i, run;
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	int64_t step;

	if (!out)
		return NULL;
	for (i = 0; i < nr; i += run) {
		step = i + 1 < nr ? (int64_t)core[i + 1].cpu - core[i].cpu : 0;
		for (run = 1; i + run < nr; run++)
			if ((int64_t)core[i + run].cpu - core[i + run - 1].cpu != step)
				break;
		/* Two places are not shorter as an interval; a step of 1 goes without saying. */
		if (run < 3)
			run = 1;
		fprintf(out, "%s{%u}", i ? "," : "", core[i].cpu);
		if (run > 1)
			fprintf(out, ":%u", run);
		if (run > 1 && step != 1)
			fprintf(out, ":%lld", (long long)step);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The ways in which a user may have bound the threads already. */
static int user_binds(const struct places_ask *ask, struct places *p)
{
	static const char *const names[] = {
		"KMP_AFFINITY", "GOMP_CPU_AFFINITY", "KMP_HW_SUBSET", "KMP_PLACE_THREADS",
	};
	int ret, any = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ret = keep(ask, p, names[i]);
		if (ret < 0)
			return ret;
		any |= ret;
	}
	return any;
}

/* OMP_PROC_BIND=false takes the places away, so they are not offered then. */
static bool user_floats(const struct places_ask *ask)
{
	const char *bind = env_get(ask, "OMP_PROC_BIND");

	return bind && !strcasecmp(bind, "false");
}

static int where(const struct places_ask *ask, struct places *p, const struct places_cpu *core)
{
	bool two_nodes = core[0].node != core[p->nr_cores - 1].node;
	bool spread = two_nodes && p->nr_threads < p->nr_cores;
	int ret = user_binds(ask, p);
	char *text;

	if (ret < 0)
		return ret;
	if (ret) {
		ret = keep(ask, p, "OMP_PLACES");
		if (ret >= 0)
			ret = keep(ask, p, "OMP_PROC_BIND");
		return ret < 0 ? ret : 0;
	}
	if (user_floats(ask)) {
		ret = keep(ask, p, "OMP_PLACES");
	} else {
		text = places_text(core, p->nr_cores);
		if (!text)
			return -ENOMEM;
		ret = offer(ask, p, "OMP_PLACES", text,
			    "one place a core, in core order, by Linux CPU number");
		free(text);
	}
	if (ret < 0)
		return ret;
	ret = offer(ask, p, "OMP_PROC_BIND", spread ? "spread" : "close",
		    spread ? "fewer threads than cores: use the memory of all nodes" :
			     "thread after thread on core after core; a thread never moves");
	if (ret < 0)
		return ret;
	/* A user's places may be abstract (sockets, ll_caches): those need the real topology. */
	if (env_get(ask, "OMP_PLACES") || user_floats(ask)) {
		ret = keep(ask, p, "KMP_TOPOLOGY_METHOD");
		return ret < 0 ? ret : 0;
	}
	return offer(ask, p, "KMP_TOPOLOGY_METHOD", "flat",
		     "the places name CPUs: libomp need not visit each of them to ask");
}

/*
 * What the user said about waiting: 1 spin, 0 sleep, -1 nothing. OMP_WAIT_POLICY is the clearest
 * word; the others count when it is missing.
 */
static int user_waits(const struct places_ask *ask)
{
	const char *s = env_get(ask, "OMP_WAIT_POLICY");

	if (s)
		return !strcasecmp(s, "active");
	s = env_get(ask, "KMP_LIBRARY");
	if (s)
		return !strcasecmp(s, "turnaround");
	s = env_get(ask, "KMP_BLOCKTIME");
	if (s)
		return !strncasecmp(s, "inf", 3);
	s = env_get(ask, "GOMP_SPINCOUNT");
	if (s)
		return !strncasecmp(s, "inf", 3);
	return -1;
}

static int how_they_wait(const struct places_ask *ask, struct places *p)
{
	int said = user_waits(ask), ret;
	const char *why;

	p->active = said >= 0 ? said : p->nr_threads <= p->nr_cores;
	why = said >= 0 ? (said ? "follows the active waiting that the user chose" :
				  "follows the passive waiting that the user chose") :
	      p->active ? "each thread has its core: nobody else could use the time" :
			  "more threads than cores: who waits must let others run";
	ret = offer(ask, p, "OMP_WAIT_POLICY", p->active ? "active" : "passive", why);
	if (!ret)
		ret = offer(ask, p, "KMP_BLOCKTIME", p->active ? "infinite" : "0",
			    p->active ? "libomp: no sleep between regions, so no wake-up either" :
					"libomp: sleep at once instead of after 200 ms");
	if (!ret)
		ret = offer(ask, p, "KMP_USE_YIELD", p->active ? "0" : "1",
			    p->active ? "libomp: no sched_yield in barriers, none to yield to" :
					"libomp: yield to the other threads of the core");
	if (!ret)
		ret = offer(ask, p, "GOMP_SPINCOUNT", p->active ? "infinity" : "0",
			    p->active ? "libgomp: spin, as KMP_BLOCKTIME does for libomp" :
					"libgomp: sleep at once");
	return ret;
}

/* A report asked for loads its library; else libomp is spared its search for a tool. */
static int which_tool(const struct places_ask *ask, struct places *p)
{
	int lib = keep(ask, p, "OMP_TOOL_LIBRARIES"), tool = keep(ask, p, "OMP_TOOL");

	if (lib < 0 || tool < 0)
		return lib < 0 ? lib : tool;
	if (lib || tool)
		return 0;
	if (ask->ompt)
		return add(p, false, "OMP_TOOL_LIBRARIES", "the report of parallel regions", "%s",
			   ask->ompt);
	return add(p, false, "OMP_TOOL", "no tool wanted: spares dozens of file lookups at start",
		   "disabled");
}

int places_make(const struct places_ask *ask, struct places *places)
{
	struct places_cpu *core;
	int ret;

	memset(places, 0, sizeof(*places));
	if (!ask->nr_cpus)
		return -EINVAL;
	core = cores_of(ask, &places->nr_cores);
	if (!core)
		return -ENOMEM;
	ret = how_many(ask, places);
	if (!ret)
		ret = where(ask, places, core);
	if (!ret)
		ret = how_they_wait(ask, places);
	if (!ret)
		ret = which_tool(ask, places);
	free(core);
	if (ret)
		places_free(places);
	return ret;
}

void places_free(struct places *places)
{
	while (places->nr)
		free(places->setting[--places->nr].text);
}

const struct places_setting *places_find(const struct places *places, const char *name)
{
	unsigned int i;

	for (i = 0; i < places->nr; i++)
		if (!strcmp(places->setting[i].name, name))
			return &places->setting[i];
	return NULL;
}
