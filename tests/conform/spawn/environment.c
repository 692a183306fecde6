/* SPDX-License-Identifier: MIT */
/*
 * environment - getenv, setenv, putenv, unsetenv, clearenv; a child has what was set. Catches an environment
 * copied at start.
 */
#include "conform.h"

int main(void)
{
	char text[] = "CONFORM_PUT=by putenv";

	check(getenv("CONFORM_NONE") == NULL, "not set");
	must(setenv("CONFORM_A", "one", 1));
	must(setenv("CONFORM_A", "two", 0));
	check(!strcmp(getenv("CONFORM_A"), "one"), "not overwritten");
	must(putenv(text));
	check(getenv("CONFORM_PUT") == text + 12, "putenv keeps the string");
	equal(system("test \"$CONFORM_A $CONFORM_PUT\" = 'one by putenv'"), 0, "a child has them");
	must(unsetenv("CONFORM_A"));
	check(getenv("CONFORM_A") == NULL, "unset");
	fails(setenv("a=b", "c", 1), EINVAL, "a bad name");
	must(clearenv());
	check(!environ || !environ[0], "cleared");
	return done();
}
