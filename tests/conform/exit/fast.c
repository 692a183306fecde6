/* SPDX-License-Identifier: MIT */
/*
 * fast - _exit runs no handlers and writes no buffers.
 * cases: =3
 */
#include "conform.h"

static void handler(void)
{
	printf("not ok a handler ran\n");
}

int main(void)
{
	check(1, "leaves");
	atexit(handler);
	printf("this stays in the buffer");
	_exit(3);
}
