/* SPDX-License-Identifier: MIT */
/*
 * dlopen - dlopen loads an object beside the program, runs its constructor, dlsym finds functions and data,
 * dlclose runs its destructor and unmaps it. Catches mmap of file parts over a reservation.
 */
#include "conform.h"
#include <dlfcn.h>

int main(void)
{
	void *lib = dlopen("libtiny.so", RTLD_NOW), *again;
	int (*add)(int), (*built)(void), *counter;
	Dl_info info;

	check(lib != NULL, "dlopen");
	if (!lib)
		return done();
	*(void **)(void *)&add = dlsym(lib, "tiny_add");
	*(void **)(void *)&built = dlsym(lib, "tiny_built");
	counter = dlsym(lib, "tiny_counter");
	check(add && built && counter, "dlsym");
	equal(built(), 1, "constructor");
	equal(add(5), 15, "called");
	equal(*counter, 15, "its data");
	check(dladdr(counter, &info) && strstr(info.dli_fname, "libtiny.so") &&
	      !strcmp(info.dli_sname, "tiny_counter"), "dladdr");
	again = dlopen("libtiny.so", RTLD_NOW);
	check(again == lib, "opened twice is the same");
	check(!dlsym(lib, "no_such_symbol") && dlerror(), "dlerror");
	check(!dlopen("libno-such.so", RTLD_NOW) && strstr(dlerror(), "libno-such.so"), "no such object");
	equal(dlclose(again), 0, "close once");
	equal(*counter, 15, "still there");
	equal(dlclose(lib), 0, "close twice");
	check(caught(touch_read, counter).sig == SIGSEGV, "unmapped");
	return done();
}
