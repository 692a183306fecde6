/* SPDX-License-Identifier: MIT */
/* libtiny.c - the shared object that the programs of this folder open: versions, state, TLS, constructors. */
#include <stdio.h>

int tiny_counter = 10;
static __thread int tiny_tls = 100;
static int built;

int tiny_add(int n);
int tiny_tls_add(int n);
int tiny_built(void);
int tiny_old(void);
int tiny_new(void);

__attribute__((constructor)) static void build(void)
{
	built = 1;
}

__attribute__((destructor)) static void leave(void)
{
	printf("libtiny leaves\n");
	fflush(stdout);
}

int tiny_add(int n)
{
	return tiny_counter += n;
}

int tiny_tls_add(int n)
{
	return tiny_tls += n;
}

int tiny_built(void)
{
	return built;
}

int tiny_old(void)
{
	return 1;
}

int tiny_new(void)
{
	return 2;
}

__asm__(".symver tiny_old, tiny_version@TINY_1");
__asm__(".symver tiny_new, tiny_version@@TINY_2");
