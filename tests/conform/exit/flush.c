/* SPDX-License-Identifier: MIT */
/*
 * flush - 300 KiB printed before exit arrive in full, on both streams, in order.
 */
#include "conform.h"

int main(void)
{
	static char big[65536];
	int i;

	check(1, "prints");
	setvbuf(stdout, big, _IOFBF, sizeof(big));
	for (i = 0; i < 20000; i++)
		printf("line %06d\n", i);
	for (i = 0; i < 2000; i++)
		fprintf(stderr, "error line %06d\n", i);
	return 0;
}
