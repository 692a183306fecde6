/* SPDX-License-Identifier: MIT */
/*
 * static-wait.c - a static program: says that it is there, and waits. Nothing in /proc tells its libraries.
 */
#include <unistd.h>

int main(void)
{
	if (write(1, "x", 1) != 1)
		return 1;
	for (;;)
		pause();
}
