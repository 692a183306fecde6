/* SPDX-License-Identifier: MIT */
/*
 * rank_env.c - collects the variables that mpi-support/ and openmp/ work out for one isle.
 */
#include "rank_env.h"

#include "cpuset.h"
#include "topology_xml.h"

#include "serve/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Core numbers repeat in every package; this one does not. */
static uint32_t core_number(const struct place_reserve *reserve, uint32_t i)
{
	uint32_t k = 0;

	while (reserve->cpu[k].package != reserve->cpu[i].package || reserve->cpu[k].core != reserve->cpu[i].core ||
	       reserve->cpu[k].node != reserve->cpu[i].node)
		k++;
	return k;
}

/* The CPUs of the isle. Returns how many. */
static unsigned int cpus_list(const struct rank_env_ask *ask, struct places_cpu *cpus)
{
	const struct place_reserve *reserve = ask->reserve;
	unsigned int nr = 0;
	uint32_t i;

	for (i = 0; i < reserve->nr_cpus && nr < ISLE_MAX_CPUS; i++)
		if (cpuset_has(&ask->plan->cpus, reserve->cpu[i].linux_cpu))
			cpus[nr++] = (struct places_cpu){
				.cpu = reserve->cpu[i].linux_cpu, .core = core_number(reserve, i),
				.thread = reserve->cpu[i].thread, .node = reserve->cpu[i].node,
			};
	return nr;
}

static int openmp_make(struct rank_env *env, const struct rank_env_ask *ask)
{
	struct places_cpu *cpus;
	struct places_ask want = { .env = (const char *const *)ask->envp };
	int err;

	if (!ask->reserve)
		return 0;
	cpus = calloc(ISLE_MAX_CPUS, sizeof(*cpus));
	if (!cpus)
		return -ENOMEM;
	want.cpus = cpus;
	want.nr_cpus = cpus_list(ask, cpus);
	err = want.nr_cpus ? places_make(&want, &env->openmp) : 0;
	free(cpus);
	return err;
}

/*
 * hwloc reads one file instead of hundreds. It has no name: it is gone when the isle is, and a
 * program finds it among the descriptors of its own process, which this one is.
 */
static void topology_make(struct rank_env *env, const struct rank_env_ask *ask)
{
	int fd;

	if (!ask->reserve)
		return;
	fd = memfd_create("isle-topology", MFD_CLOEXEC);
	if (fd < 0)
		return;
	if (topology_xml_write(fd, ask->plan, ask->reserve)) {
		close(fd);
		return;
	}
	env->topology_fd = guard_take(fd);
	if (env->topology_fd < 0)
		close(fd);
	else
		snprintf(env->topology, sizeof(env->topology), "/proc/self/fd/%d", env->topology_fd);
}

/* Plan and reserve as a program sees them whose CPUs are numbered from 0: others' CPUs are not in it. */
struct numbered {
	struct plan plan;
	struct place_reserve reserve;
};

static struct numbered *numbered_make(const struct rank_env_ask *ask)
{
	struct numbered *numbered = calloc(1, sizeof(*numbered));
	struct place_reserve *to;
	unsigned int cpu, below;
	uint32_t i;

	if (!numbered)
		return NULL;
	to = &numbered->reserve;
	numbered->plan = *ask->plan;
	cpuset_clear(&numbered->plan.cpus);
	for (i = 0; i < ask->reserve->nr_cpus; i++) {
		if (!cpuset_has(&ask->plan->cpus, ask->reserve->cpu[i].linux_cpu))
			continue;
		for (cpu = below = 0; cpu < ask->reserve->cpu[i].linux_cpu; cpu++)
			below += cpuset_has(&ask->plan->cpus, cpu);
		to->cpu[to->nr_cpus] = ask->reserve->cpu[i];
		to->cpu[to->nr_cpus++].linux_cpu = below;
		cpuset_add(&numbered->plan.cpus, below);
	}
	return numbered;
}

int rank_env_make(struct rank_env *env, const struct rank_env_ask *asked)
{
	struct rankenv_ask want = { .one_host = asked->one_host };
	struct rank_env_ask numbers = *asked, *ask = &numbers;
	struct numbered *numbered = NULL;
	int err;

	memset(env, 0, sizeof(*env));
	env->topology_fd = -1;
	if (ask->renumber && ask->reserve) {
		numbered = numbered_make(ask);
		if (!numbered)
			return -ENOMEM;
		ask->plan = &numbered->plan;
		ask->reserve = &numbered->reserve;
	}
	env->launched = ask->launched;
	if (env->launched) {
		topology_make(env, ask);
		want.topology = env->topology[0] ? env->topology : NULL;
		rankenv_plan(&want, ask->envp, &env->mpi);
	}
	err = openmp_make(env, ask);
	free(numbered);
	return err;
}

int rank_env_apply(const struct rank_env *env)
{
	unsigned int i;
	int err = env->launched ? rankenv_apply(&env->mpi) : 0;

	for (i = 0; i < env->openmp.nr && !err; i++) {
		const struct places_setting *setting = &env->openmp.setting[i];

		if (!setting->kept && setenv(setting->name, strchr(setting->text, '=') + 1, 1))
			err = -errno;
	}
	return err;
}

void rank_env_print(const struct rank_env *env, FILE *out)
{
	unsigned int i;

	if (!env->launched && !env->openmp.nr)
		return;
	fprintf(out, "variables for the program:\n");
	if (env->launched)
		rankenv_print(out, &env->mpi);
	for (i = 0; i < env->openmp.nr; i++)
		if (!env->launched || strcmp(env->openmp.setting[i].name, "OMP_TOOL"))
			fprintf(out, "  %s  %s\n", env->openmp.setting[i].text, env->openmp.setting[i].reason);
}

void rank_env_free(struct rank_env *env)
{
	places_free(&env->openmp);
}
