/* SPDX-License-Identifier: MIT */
/*
 * exec-script - a #! line: the interpreter's name, its one argument with blanks in it, the script's name as it was
 * called, then the rest; scripts of scripts. Names of the process are the script's, the file is the interpreter.
 */
#include "conform.h"

#include <sys/auxv.h>
#include <sys/prctl.h>

static int second(int argc, char **argv)
{
	char comm[16], *cmdline = slurp("/proc/self/cmdline"), *here = argv[argc - 1];
	const char *name = (const char *)getauxval(AT_EXECFN);
	int i;

	for (i = 1; i < argc - 1; i++)
		printf("# argument %d: %s\n", i, strrchr(argv[i], '/') ? strrchr(argv[i], '/') : argv[i]);
	must(prctl(PR_GET_NAME, comm));
	check(name && !strcmp(name, "./outer"), "AT_EXECFN");
	check(!strcmp(comm, "outer"), "name of the thread");
	check(!strcmp(slurp("/proc/self/comm"), "outer\n"), "comm");
	check(!strcmp(self_path(), here), "the file is the interpreter");
	check(!strcmp(cmdline, argv[0]), "command line");
	unlink("inner");
	unlink("outer");
	must(chdir("/"));
	must(rmdir(getenv("PLACE")));
	return done();
}

int main(int argc, char **argv)
{
	char text[PATH_MAX + 64], place[PATH_MAX], *self = strdup(self_path());
	char zero[] = "replaced", one[] = "first word", *args[] = { zero, one, self, NULL };

	if (argc > 1)
		return second(argc, argv);
	enter_tempdir();
	must(setenv("PLACE", getcwd(place, sizeof(place)), 1));
	snprintf(text, sizeof(text), "#!\t %s  inner argument \t\nnothing\n", self);
	close(make_file("inner", text, strlen(text)));
	snprintf(text, sizeof(text), "#! %s/inner", place);
	close(make_file("outer", text, strlen(text)));
	must(chmod("inner", 0755));
	must(chmod("outer", 0755));
	fflush(stdout);
	must(execv("./outer", args));
	return 1;
}
