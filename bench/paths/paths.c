// SPDX-License-Identifier: MIT
/*
 * paths.c - how many instructions operations take, told by a TSC that counts them (QEMU's -icount shift=0).
 *
 * One line an operation: its name and the median of many counts, without what reading the TSC takes. The same file runs
 * on an isle and, as the first program, on Linux; it uses the bare instruction where a library would do more than the
 * system, and the library where that is what programs do (threads).
 */
#include "ticks.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE   4096ul
#define TIMES  301u
#define LOOP   1000u

static uint64_t sample[TIMES], overhead;

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(void)
{
	qsort(sample, TIMES, sizeof(sample[0]), compare);
	return sample[TIMES / 2] - overhead;
}

/* Once without counting, so that what is set up on first use is. */
#define COUNT(name, statement) do { \
	unsigned int i_; \
	for (i_ = 0; i_ <= TIMES; i_++) { \
		uint64_t begin_ = ticks(); \
		statement; \
		sample[i_ ? i_ - 1 : 0] = ticks() - begin_; \
	} \
	printf("%s %llu\n", name, (unsigned long long)median()); \
} while (0)

static uint64_t handler_at;

static void on_signal(int signo)
{
	(void)signo;
	handler_at = ticks();
}

static void *nothing(void *arg)
{
	return arg;
}

static void loop(void)
{
	uint32_t n = LOOP;

	__asm__ volatile("1: decl %0; jnz 1b" : "+r"(n));
}

static void calls(void)
{
	uint32_t word = 0;

	COUNT("getpid", call(SYS_getpid, 0, 0, 0));
	COUNT("yield", call(SYS_sched_yield, 0, 0, 0));
	COUNT("futex-wake", call(SYS_futex, (long)&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1));
}

static void memory(void)
{
	/* Small pages, and one more than the samples. */
	size_t size = (TIMES + 1) * PAGE;
	char *p, *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int n = 0;

	if (pages == MAP_FAILED)
		exit(1);
	madvise(pages, size, MADV_NOHUGEPAGE);
	COUNT("first-touch", *(volatile char *)(pages + n++ * PAGE) = 1);
	munmap(pages, size);
	COUNT("mmap-munmap", {
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		munmap(p, PAGE);
	});
	COUNT("mmap-touch-munmap", {
		p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*(volatile char *)p = 1;
		munmap(p, PAGE);
	});
}

static void signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	long self = call(SYS_getpid, 0, 0, 0), thread = call(SYS_gettid, 0, 0, 0);
	unsigned int i;

	sigaction(SIGUSR1, &action, NULL);
	for (i = 0; i < TIMES; i++) {
		uint64_t begin = ticks();

		call(SYS_tgkill, self, thread, SIGUSR1);
		sample[i] = handler_at - begin;
	}
	printf("signal-to-handler %llu\n", (unsigned long long)median());
	COUNT("signal-and-return", call(SYS_tgkill, self, thread, SIGUSR1));
}

static void threads(void)
{
	pthread_t t;

	COUNT("thread-create-join", {
		if (pthread_create(&t, NULL, nothing, NULL))
			exit(1);
		pthread_join(t, NULL);
	});
}

/*
 * From the call that starts a program to its main: Linux by a child that is told when it was called, the isle by the
 * processor time that its one program has used, which leaves out what it waited for.
 */
static void start(uint64_t used_ns)
{
	char when[24], name[] = "/init", word[] = "start", *argv[] = { name, word, when, NULL }, *envp[] = { NULL };
	pid_t child;

	if (getpid() != 1) {
		printf("program-to-main %llu\n", (unsigned long long)used_ns / 1000);
		return;
	}
	fflush(stdout);
	child = fork();
	if (child == 0) {
		snprintf(when, sizeof(when), "%llu", (unsigned long long)ticks());
		execve(name, argv, envp);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

/*
 * A call that Linux answers. The least of all counts: where the answer came before the isle looked for it, so that
 * there was nothing to wait for.
 */
static void forwarded(void)
{
	uint64_t least = UINT64_MAX, begin, one;
	unsigned int i;

	for (i = 0; i < TIMES; i++) {
		begin = ticks();
		call(SYS_lseek, -1, 0, 0);
		one = ticks() - begin;
		least = one < least ? one : least;
	}
	printf("forwarded-call %llu\n", (unsigned long long)(least - overhead));
}

int main(int argc, char **argv)
{
	uint64_t at = ticks();
	struct timespec used;
	static char out[4096];
	unsigned int i;

	if (argc == 3) {
		printf("program-to-main %llu\n", (unsigned long long)(at - strtoull(argv[2], NULL, 10)));
		return 0;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	/* One call at the end: nothing is forwarded while counting. */
	setvbuf(stdout, out, _IOFBF, sizeof(out));
	for (i = 0; i < TIMES; i++) {
		sample[i] = ticks();
		sample[i] = ticks() - sample[i];
	}
	overhead = median();
	/* Two instructions a turn, and one: a clock that counts something else shows here. */
	COUNT("loop-of-1000", loop());
	calls();
	memory();
	signals();
	threads();
	start((uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec);
	forwarded();
	printf("end 0\n");
	fflush(stdout);
	if (getpid() == 1)
		reboot(RB_AUTOBOOT);
	return 0;
}
