/* SPDX-License-Identifier: MIT */
/*
 * ids - user and group numbers agree among themselves and with /proc; groups can be listed; setting them to
 * what they are works.
 */
#include "conform.h"

int main(void)
{
	uid_t r, e, s;
	gid_t groups[64];
	int n = getgroups(0, NULL);

	must(getresuid(&r, &e, &s));
	check(r == getuid() && e == geteuid() && s == e, "users");
	must(getresgid(&r, &e, &s));
	check(r == getgid() && e == getegid(), "groups");
	check(n >= 0 && n <= 64 && getgroups(64, groups) == n, "other groups");
	equal(setuid(getuid()), 0, "setuid to oneself");
	equal(setgid(getgid()), 0, "setgid to oneself");
	if (geteuid())
		check(setuid(0) == -1 && errno == EPERM, "not to root");
	else
		check(1, "not to root");
	return done();
}
