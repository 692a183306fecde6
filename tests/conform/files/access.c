/* SPDX-License-Identifier: MIT */
/*
 * access - access, faccessat and faccessat2 (AT_EACCESS) answer by mode. Catches only existence being looked at.
 */
#include "conform.h"

int main(void)
{
	enter_tempdir();
	close(make_file("f", "x", 1));
	must(chmod("f", 0600));
	equal(access("f", F_OK), 0, "there");
	equal(access("f", R_OK | W_OK), 0, "readable and writable");
	fails(access("f", X_OK), EACCES, "not executable");
	must(chmod("f", 0700));
	equal(access("f", X_OK), 0, "executable");
	fails(access("none", F_OK), ENOENT, "not there");
	fails(access("f", 8), EINVAL, "unknown mode");
	equal(faccessat(AT_FDCWD, "f", R_OK, 0), 0, "faccessat");
	equal(faccessat(AT_FDCWD, "f", R_OK, AT_EACCESS), 0, "AT_EACCESS");
	if (geteuid()) {
		must(chmod("f", 0));
		check(access("f", R_OK) == -1 && errno == EACCES, "not readable without the right");
	} else {
		check(1, "not readable without the right");
	}
	return done();
}
