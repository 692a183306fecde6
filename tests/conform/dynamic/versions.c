/* SPDX-License-Identifier: MIT */
/*
 * versions - versioned symbols: dlsym gives the default one, dlvsym each. Catches version tables not loaded.
 */
#include "conform.h"
#include <dlfcn.h>

static int call(void *p)
{
	int (*f)(void);

	memcpy(&f, &p, sizeof(p));
	return p ? f() : -1;
}

int main(void)
{
	void *lib = dlopen("libtiny.so", RTLD_LAZY);

	equal(call(dlsym(lib, "tiny_version")), 2, "default");
	equal(call(dlvsym(lib, "tiny_version", "TINY_1")), 1, "old");
	equal(call(dlvsym(lib, "tiny_version", "TINY_2")), 2, "new");
	check(!dlvsym(lib, "tiny_version", "TINY_3"), "unknown");
	check(dlsym(RTLD_DEFAULT, "printf") != NULL && dlsym(RTLD_NEXT, "malloc") != NULL,
		"RTLD_DEFAULT and RTLD_NEXT");
	check(dlvsym(RTLD_DEFAULT, "memcpy", "GLIBC_2.14") != NULL, "a version of the C library");
	return done();
}
