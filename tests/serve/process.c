// SPDX-License-Identifier: MIT
/*
 * process.c - the proxy as a process: what it tells the isle about itself, signals on their way, the end as
 * the program's.
 */
#include "../lib/check.h"
#include "serve/execblock.h"
#include "serve/signals.h"
#include "fake.h"

#include <isle/exec.h>
#include <isle/signal.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct fake fake;

/* Catches: strings that get lost or run into each other, a block that looks complete before it is. */
TEST(exec_block_says_what_to_run)
{
	static uint8_t window[ISLE_WINDOW_SIZE];
	const struct isle_exec *block = (const struct isle_exec *)(window + ISLE_WINDOW_EXEC);
	char *argv[] = { "prog", "", "two words", NULL }, *envp[] = { "A=1", NULL };
	const char *strings = (const char *)(block + 1);

	EXPECT_EQ(execblock_fill(window, 7, "/bin/prog", argv, envp, ISLE_EXEC_F_STRACE), 0);
	EXPECT_EQ(block->magic, ISLE_EXEC_MAGIC);
	EXPECT_EQ(block->fd, 7);
	EXPECT_EQ(block->argc, 3);
	EXPECT_EQ(block->envc, 1);
	EXPECT_EQ(block->pid, (uint32_t)getpid());
	EXPECT_EQ(block->strings_size, sizeof("prog\0\0two words\0A=1\0/bin/prog"));
	EXPECT_EQ(memcmp(strings, "prog\0\0two words\0A=1\0/bin/prog", block->strings_size), 0);
}

/* Catches: an overflow of the window by a large environment. */
TEST(too_large_an_environment_is_refused)
{
	static uint8_t window[ISLE_WINDOW_SIZE];
	static char large[ISLE_EXEC_SIZE];
	char *argv[] = { "prog", NULL }, *envp[] = { large, NULL };

	memset(large, 'x', sizeof(large) - 1);
	EXPECT_EQ(execblock_fill(window, 7, "/bin/prog", argv, envp, 0), -E2BIG);
	EXPECT_NE(((struct isle_exec *)(window + ISLE_WINDOW_EXEC))->magic, ISLE_EXEC_MAGIC);
}

static void *pass_main(void *unused)
{
	(void)unused;
	signals_pass(&fake.server);
	return NULL;
}

/* Catches: a signal that is lost, changed, or kills the proxy; a full ring that overwrites. */
TEST(signals_reach_the_ring_in_order)
{
	struct isle_signal_ring *ring;
	pthread_t thread;
	int i;

	signals_block();
	fake_start(&fake);
	ring = (struct isle_signal_ring *)(fake.mem + ISLE_WINDOW_SIGNALS);
	pthread_create(&thread, NULL, pass_main, NULL);
	/* Real-time signals queue: more of them than the ring holds. */
	for (i = 0; i < 20; i++)
		sigqueue(getpid(), SIGRTMIN + 3, (union sigval){ .sival_int = i });
	for (i = 0; i < 20; i++) {
		int spins = 0, value;
		const siginfo_t *info;

		while (__atomic_load_n(&ring->head, __ATOMIC_ACQUIRE) <= (uint64_t)i && spins++ < 5000)
			usleep(1000);
		info = (const siginfo_t *)(const void *)ring->entry[i % ISLE_SIGNAL_ENTRIES].info;
		value = info->si_value.sival_int;
		EXPECT_EQ(ring->entry[i % ISLE_SIGNAL_ENTRIES].signo, (uint32_t)SIGRTMIN + 3);
		EXPECT_EQ(value, i);
		__atomic_store_n(&ring->tail, (uint64_t)i + 1, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&fake.server.stopping, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	fake_stop(&fake);
}

/* Catches: the sync of a file that fails because another one's data were lost, and one that hides its own loss. */
TEST(a_sync_speaks_of_its_own_file)
{
	int lost = memfd_create("lost", 0), other = memfd_create("other", 0);

	ASSERT(lost >= 0 && other >= 0 && !ftruncate(lost, 8192) && !ftruncate(other, 4096));
	fake_start(&fake);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_MAP_SHARED, (uint64_t)lost, 0, 8192, 3, 0, FAKE_UVA), 0);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_MAP_SHARED, (uint64_t)other, 0, 4096, 3, 0, FAKE_UVA + 65536), 0);
	EXPECT_EQ(fake_call(&fake, 0, SYS_fsync, (uint64_t)lost, 0, 0, 0, 0, 0), 0);
	fake.lost_uva = FAKE_UVA + 4096;
	EXPECT_EQ(fake_call(&fake, 0, SYS_fsync, (uint64_t)lost, 0, 0, 0, 0, 0), -EIO);
	EXPECT_EQ(fake_call(&fake, 0, SYS_fdatasync, (uint64_t)other, 0, 0, 0, 0, 0), 0);
	EXPECT_EQ(fake_call(&fake, 0, SYS_msync, FAKE_UVA, 8192, MS_SYNC, 0, 0, 0), -EIO);
	EXPECT_EQ(fake_call(&fake, 0, SYS_msync, FAKE_UVA, 4096, MS_SYNC, 0, 0, 0), 0);
	EXPECT_EQ(fake_call(&fake, 0, SYS_sync, 0, 0, 0, 0, 0, 0), 0);
	munmap((void *)FAKE_UVA, 8192);
	munmap((void *)(FAKE_UVA + 65536), 4096);
	fake_stop(&fake);
	close(lost);
	close(other);
}

/* Catches: a launcher that is told another end than the program's. */
TEST(the_end_is_the_programs_end)
{
	int ends[] = { 0, 7 << 8, SIGSEGV, SIGTERM, SIGKILL, 0x80 | SIGABRT }, status;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		pid_t child = fork();

		if (child == 0) {
			signals_block();
			signals_end(ends[i]);
		}
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EQ(status & ~0x80, ends[i] & ~0x80);
	}
}

int main(void)
{
	return check_main(NULL);
}
