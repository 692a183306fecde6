/* SPDX-License-Identifier: MIT */
/*
 * environment.c - what a rank's variables are, with and without the user's own.
 */
#include "../lib/check.h"

#include "environment.h"

#include <sys/wait.h>

static const struct rankenv_var *find(const struct rankenv *env, const char *name)
{
	for (unsigned int i = 0; i < env->nr; i++)
		if (strcmp(env->var[i].name, name) == 0)
			return &env->var[i];
	return NULL;
}

static void expect_var(const struct rankenv *env, const char *name, const char *value)
{
	const struct rankenv_var *var = find(env, name);

	if (EXPECT_THAT(var, "%s is not there", name)) {
		EXPECT_STR(var->value, value);
		EXPECT(var->reason[0]);
	}
}

TEST(one_host)
{
	struct rankenv env;

	rankenv_plan(&(struct rankenv_ask){ .one_host = true }, NULL, &env);
	expect_var(&env, "UCX_TLS", "self,posix");
	expect_var(&env, "UCX_MODULES", "cma");
	expect_var(&env, "UCX_VFS_ENABLE", "n");
	expect_var(&env, "UCX_MEM_EVENTS", "n");
	expect_var(&env, "UCX_MEM_MMAP_HOOK_MODE", "none");
	expect_var(&env, "UCX_HANDLE_ERRORS", "none");
	expect_var(&env, "OMP_TOOL", "disabled");
	EXPECT_EQ(env.nr, 7);
	EXPECT_EQ(env.nr_notes, 0);
}

TEST(more_hosts_and_a_topology)
{
	struct rankenv env;

	rankenv_plan(&(struct rankenv_ask){ .topology = "/run/t.xml" }, NULL, &env);
	expect_var(&env, "UCX_TLS", "self,posix,tcp");
	expect_var(&env, "HWLOC_XMLFILE", "/run/t.xml");
	expect_var(&env, "HWLOC_COMPONENTS", "xml,stop");
}

TEST(a_tool_that_was_named_is_left)
{
	char tool[] = "OMP_TOOL_LIBRARIES=/x.so", *vars[] = { tool, NULL };
	struct rankenv env;

	rankenv_plan(&(struct rankenv_ask){ .one_host = true }, vars, &env);
	EXPECT(!find(&env, "OMP_TOOL"));
}

TEST(values_of_the_user_stay)
{
	char tls[] = "UCX_TLS=self,sysv", other[] = "UCX_TLSX=1", *vars[] = { other, tls, NULL };
	char *text = NULL;
	struct rankenv env;
	size_t size;
	FILE *out;

	rankenv_plan(&(struct rankenv_ask){ .one_host = true }, vars, &env);
	ASSERT(find(&env, "UCX_TLS") && find(&env, "UCX_TLS")->users);
	EXPECT_STR(find(&env, "UCX_TLS")->users, "self,sysv");
	EXPECT_EQ(env.nr_notes, 0);
	out = open_memstream(&text, &size);
	ASSERT(out);
	rankenv_print(out, &env);
	fclose(out);
	EXPECT(strstr(text, "  UCX_TLS=self,sysv  (yours; otherwise self,posix)\n"));
	EXPECT(strstr(text, "  UCX_MODULES=cma  keeps UCX from loading"));
	free(text);
}

TEST(costly_values_get_a_note)
{
	static const struct {
		const char *value;
		enum message message;
	} rows[] = {
		{ "UCX_TLS=self,tcp", MSG_ENV_NO_SHARED }, { "UCX_TLS=ib", MSG_ENV_NO_SHARED },
		{ "UCX_TLS=posix,cma", MSG_ENV_CMA }, { "UCX_TLS=posixx", MSG_ENV_NO_SHARED },
		{ "UCX_TLS=^cma", MSG_NONE }, { "UCX_TLS=sm,self", MSG_NONE },
		{ "UCX_TLS=all", MSG_NONE }, { "UCX_TLS=", MSG_NONE },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *vars[] = { strdup(rows[i].value), NULL };
		struct rankenv env;

		rankenv_plan(&(struct rankenv_ask){ .one_host = true }, vars, &env);
		EXPECT_THAT(env.note[0].message == rows[i].message, "%s: %s", rows[i].value,
			    refusal_name(env.note[0].message));
		free(vars[0]);
	}
}

/* In a child, so that this program keeps its environment. */
TEST(variables_are_set)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct rankenv env;

		setenv("UCX_TLS", "self,sysv", 1);
		unsetenv("UCX_MODULES");
		rankenv_plan(&(struct rankenv_ask){ .one_host = true }, environ, &env);
		_exit(rankenv_apply(&env) || strcmp(getenv("UCX_TLS"), "self,sysv") ||
		      strcmp(getenv("UCX_MODULES"), "cma"));
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

int main(void)
{
	return check_main(NULL);
}
