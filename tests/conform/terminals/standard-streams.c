/* SPDX-License-Identifier: MIT */
/*
 * standard-streams - standard input is at its end, output and error are apart and keep their order among
 * themselves. Catches streams joined.
 */
#include "conform.h"

int main(void)
{
	char c;

	equal(read(0, &c, 1), 0, "input is empty");
	must(write(2, "to standard error, first\n", 25));
	must(write(1, "to standard output\n", 19));
	fprintf(stderr, "to standard error, unbuffered\n");
	errno = ENOENT;
	perror("perror");
	check(setvbuf(stdout, NULL, _IOFBF, 4096) == 0, "setvbuf");
	printf("kept until exit\n");
	return done();
}
