/* SPDX-License-Identifier: MIT */
/*
 * probe.c - the program in the isle: does what its argument says.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/kvm.h>

#define THREADS 4

static int sums[THREADS];

static void *add(void *row)
{
	int *sum = row, i;

	for (i = 0; i < 1000; i++)
		*sum += i;
	return NULL;
}

static int threads(void)
{
	pthread_t thread[THREADS];
	int i, right = 0;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, add, &sums[i]))
			return 1;
	for (i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		right += sums[i] == 499500;
	}
	printf("%d threads were right\n", right);
	return right != THREADS;
}

/* Nothing but arithmetic for so many seconds of the processor's clock. */
static int compute(const char *seconds)
{
	clock_t end = clock() + (clock_t)(atof(seconds) * CLOCKS_PER_SEC);
	struct timespec start, now;
	volatile double x = 1;
	int i;

	(void)end;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		for (i = 0; i < 1000000; i++)
			x = x * 0.999999 + 0.000001;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9 < atof(seconds));
	return 0;
}

/* The first word of a file, through a shared mapping, becomes one more. */
static int shared(const char *path)
{
	int fd = open(path, O_RDWR);
	unsigned int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd < 0 || word == MAP_FAILED)
		return 1;
	__atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
	return munmap(word, 4096) != 0;
}

/* So many calls that Linux answers. */
static int calls(int nr)
{
	while (nr-- > 0)
		if (lseek(-1, 0, SEEK_SET) != -1)
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	const char *deed = argc > 1 ? argv[1] : "";

	if (!strcmp(deed, "hello"))
		return puts("hello from an isle") < 0;
	if (!strcmp(deed, "threads"))
		return threads();
	if (!strcmp(deed, "exit"))
		return atoi(argv[2]);
	if (!strcmp(deed, "calls"))
		return calls(atoi(argv[2]));
	if (!strcmp(deed, "compute"))
		return compute(argv[2]);
	if (!strcmp(deed, "shared"))
		return shared(argv[2]);
	if (!strcmp(deed, "kvm"))
		return ioctl(open("/dev/kvm", O_RDWR), KVM_CREATE_VM, 0) >= 0;
	if (!strcmp(deed, "fault"))
		*(volatile int *)8 = 1;
	if (!strcmp(deed, "wait")) {
		puts("here");
		fflush(stdout);
		pause();
	}
	return 99;
}
