/* SPDX-License-Identifier: MIT */
/*
 * system-popen - system, popen to read and to write, with their statuses, also when descriptors and environment
 * are to be inherited. Catches lost output.
 */
#include "conform.h"

int main(void)
{
	char line[64] = "";
	struct stat st;
	FILE *f;
	int i;

	enter_tempdir();
	equal(system("exit 5") >> 8, 5, "system");
	check(system(NULL) != 0, "there is a shell");
	equal(system("kill -KILL $$") & 127, SIGKILL, "killed");
	must(setenv("CONFORM_VARIABLE", "its value", 1));
	f = popen("echo \"$CONFORM_VARIABLE\"; exit 2", "r");
	check(f && fgets(line, sizeof(line), f) && !strcmp(line, "its value\n"), "popen to read, with the environment");
	equal(pclose(f) >> 8, 2, "its status");
	f = popen("cat > out", "w");
	for (i = 0; i < 10000; i++)
		fprintf(f, "%07d\n", i);
	equal(pclose(f), 0, "popen to write");
	must(stat("out", &st));
	equal(st.st_size, 80000, "all of it");
	return done();
}
