/* SPDX-License-Identifier: MIT */
/*
 * control.h - how a script steers ranks that must not ask Linux for anything: a file that all of them have mapped.
 *
 * The script writes the phase that it wants and waits until all ranks are in it (phases.sh); ranks look at memory only.
 */
#ifndef BENCH_MPI_CONTROL_H
#define BENCH_MPI_CONTROL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CONTROL_RANKS = 8 };

struct control {
	volatile unsigned char wanted;                /* byte 0: by the script */
	volatile unsigned char at[CONTROL_RANKS];     /* from byte 1: by each rank; it is in this phase, and warm */
	volatile long last_round[256];                /* by rank 0: the last round of a phase, counted from 1 */
};

/* Maps the file, which the script has made 4096 bytes of zeros long. Ends the program if it cannot. */
static inline struct control *control_map(const char *path)
{
	int fd = open(path, O_RDWR);
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED) {
		perror(path);
		exit(2);
	}
	close(fd);
	return map;
}

#endif
