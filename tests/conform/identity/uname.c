/* SPDX-License-Identifier: MIT */
/*
 * uname - uname, gethostname and the machine are Linux' and x86_64; release and version can be parsed. glibc
 * refuses old releases.
 */
#include "conform.h"
#include <sys/personality.h>
#include <sys/utsname.h>

int main(void)
{
	int major = 0, minor = 0;
	struct utsname u;
	char name[256];

	must(uname(&u));
	check(!strcmp(u.sysname, "Linux"), "system");
	check(!strcmp(u.machine, "x86_64"), "machine");
	check(sscanf(u.release, "%d.%d", &major, &minor) == 2 && major >= 4, "release");
	must(gethostname(name, sizeof(name)));
	check(!strcmp(name, u.nodename), "host name");
	fails(gethostname(name, 0), ENAMETOOLONG, "too little room");
	check(personality(0xffffffff) >= 0, "personality");
	return done();
}
