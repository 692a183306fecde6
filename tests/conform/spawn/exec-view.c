/* SPDX-License-Identifier: MIT */
/*
 * exec-view - what /proc/self says of the new program: exe, cmdline, comm, environ, auxv, maps, fd; and execve of
 * /proc/self/exe and by descriptor is the program itself. Catches a view that stays the first program's.
 */
#include "conform.h"

#include <sys/auxv.h>
#include <sys/prctl.h>

/* Whether a file of NUL-terminated words has this one. */
static int has(const char *path, const char *word)
{
	char *text = slurp(path);

	for (; *text; text += strlen(text) + 1)
		if (!strcmp(text, word))
			return 1;
	return 0;
}

static void say(const char *stage, const char *comm, const char *name, char **argv)
{
	const char *told = (const char *)getauxval(AT_EXECFN);
	char *maps = slurp("/proc/self/maps"), *exe = self_path();

	check(!strcmp(exe, argv[3]), "%s: exe", stage);
	check(!strcmp(slurp("/proc/self/cmdline"), argv[0]) && has("/proc/self/cmdline", stage), "%s: cmdline", stage);
	check(!strcmp(slurp("/proc/self/comm"), comm), "%s: comm", stage);
	check(has("/proc/self/environ", "STAGE=now") && !has("/proc/self/environ", "STAGE=before"),
	      "%s: environ", stage);
	check(told && !strcmp(told, name), "%s: AT_EXECFN", stage);
	check(strstr(maps, exe) && strstr(maps, "[stack]"), "%s: maps", stage);
	check(!strstr(maps, "passwd"), "%s: nothing of the old program", stage);
}

int main(int argc, char **argv)
{
	char now[] = "STAGE=now", zero[] = "/a/name/of its own", one[] = "exe", two[] = "descriptor", nothing[] = "";
	char *env[] = { now, NULL }, *args[] = { zero, NULL, nothing, NULL, NULL };
	const char *stage = argc > 1 ? argv[1] : "";
	char text[PATH_MAX + 64];
	int fd;

	if (!strcmp(stage, "exe")) {
		say(stage, "exe\n", "/proc/self/exe", argv);
		args[1] = two;
		args[3] = argv[3];
		fd = must(open("/proc/self/exe", O_RDONLY));
		fd = must(dup2(fd, 40));
		must(fcntl(fd, F_SETFD, FD_CLOEXEC));
		fflush(stdout);
		must((int)syscall(SYS_execveat, fd, "", args, env, AT_EMPTY_PATH));
	} else if (!strcmp(stage, "descriptor")) {
		snprintf(text, sizeof(text), "%s", slurp("/proc/self/comm"));
		say(stage, text, "/dev/fd/40", argv);
		fails(fcntl(40, F_GETFD), EBADF, "the descriptor is closed");
		return done();
	}
	must(setenv("STAGE", "before", 1));
	args[1] = one;
	args[3] = self_path();
	prctl(PR_SET_NAME, "another name");
	fd = must(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	must(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
	must(execve("/proc/self/exe", args, env));
	return 1;
}
