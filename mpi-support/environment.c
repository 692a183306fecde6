/* SPDX-License-Identifier: MIT */
/*
 * environment.c - the variables, their values and reasons.
 */
#include "environment.h"

#include <stdlib.h>
#include <string.h>

enum when { ALWAYS, ONE_HOST, MORE_HOSTS, TOPOLOGY, NO_TOOL };

static const struct {
	const char *name, *value;
	enum when when;
	const char *reason;
} table[] = {
	{ "UCX_TLS", "self,posix", ONE_HOST,
	  "shared memory, without system calls; isles cannot read each other's memory" },
	{ "UCX_TLS", "self,posix,tcp", MORE_HOSTS,
	  "shared memory on this host, sockets to the others" },
	{ "UCX_MODULES", "cma", ALWAYS,
	  "keeps UCX from loading modules for devices that an isle does not have" },
	{ "UCX_VFS_ENABLE", "n", ALWAYS, "no thread and no socket for UCX's statistics" },
	{ "UCX_MEM_EVENTS", "n", ALWAYS, "no watching of mappings, which only devices need" },
	{ "UCX_MEM_MMAP_HOOK_MODE", "none", ALWAYS, "no rewriting of libc's code at start" },
	{ "UCX_HANDLE_ERRORS", "none", ALWAYS, "crashes are reported by the isle, not by UCX" },
	{ "HWLOC_XMLFILE", NULL, TOPOLOGY, "the isle's topology, which need not be searched for" },
	{ "HWLOC_COMPONENTS", "xml,stop", TOPOLOGY, "nothing but that file" },
	{ "OMP_TOOL", "disabled", NO_TOOL, "no search for OpenMP tools; name one to have it" },
};

static const char *env_get(char *const *envp, const char *name)
{
	size_t length = strlen(name);

	for (; envp && *envp; envp++)
		if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
			return *envp + length + 1;
	return NULL;
}

static bool applies(enum when when, const struct rankenv_ask *ask, char *const *envp)
{
	switch (when) {
	case ALWAYS:
		return true;
	case ONE_HOST:
		return ask->one_host;
	case MORE_HOSTS:
		return !ask->one_host;
	case TOPOLOGY:
		return ask->topology != NULL;
	case NO_TOOL:
		return !env_get(envp, "OMP_TOOL_LIBRARIES");
	}
	return false;
}

/* A word of a list like self,posix. */
static bool names(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; list; list = strchr(list, ',')) {
		if (*list == ',')
			list++;
		if (strncmp(list, word, length) == 0 && (!list[length] || list[length] == ','))
			return true;
	}
	return false;
}

/* What a user chose stays, but a choice that costs much is worth a word. */
static void look_at_transports(const char *list, struct rankenv *env)
{
	static const char *const shared[] = { "posix", "sysv", "shm", "sm", "mm", "all", "cma" };
	bool has = *list == '^' || !*list;

	if (*list != '^' && names(list, "cma"))
		refuse(&env->note[env->nr_notes++], ENV_CMA, list);
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		has |= names(list, shared[i]);
	if (!has)
		refuse(&env->note[env->nr_notes++], ENV_NO_SHARED, list);
}

void rankenv_plan(const struct rankenv_ask *ask, char *const *envp, struct rankenv *env)
{
	const char *transports = env_get(envp, "UCX_TLS");

	memset(env, 0, sizeof(*env));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!applies(table[i].when, ask, envp))
			continue;
		env->var[env->nr++] = (struct rankenv_var){
			.name = table[i].name,
			.value = table[i].value ? table[i].value : ask->topology,
			.reason = table[i].reason,
			.users = env_get(envp, table[i].name),
		};
	}
	if (transports)
		look_at_transports(transports, env);
}

int rankenv_apply(const struct rankenv *env)
{
	for (unsigned int i = 0; i < env->nr; i++)
		if (!env->var[i].users && setenv(env->var[i].name, env->var[i].value, 1))
			return -errno;
	return 0;
}

void rankenv_print(FILE *out, const struct rankenv *env)
{
	for (unsigned int i = 0; i < env->nr; i++) {
		const struct rankenv_var *var = &env->var[i];

		if (var->users)
			fprintf(out, "  %s=%s  (yours; otherwise %s)\n", var->name, var->users,
				var->value);
		else
			fprintf(out, "  %s=%s  %s\n", var->name, var->value, var->reason);
	}
	for (unsigned int i = 0; i < env->nr_notes; i++)
		fprintf(out, "  note: %s\n", env->note[i].text);
}
