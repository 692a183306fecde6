// SPDX-License-Identifier: MIT
/*
 * serve.c - the proxy's server against an isle played on Linux: calls, mirror, cancelling, and an isle that lies.
 */
#include "../lib/check.h"
#include "fake.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define IPA      (4ull << 20)
#define PAGES    16u
#define PROT_RW  3u

static struct fake fake;

static void begin(void)
{
	fake_start(&fake);
	fake_mirror(&fake, ISLE_MIRROR_MAP, FAKE_UVA, IPA, PAGES * ISLE_PAGE_SIZE, PROT_RW);
}

#define CALL0(nr)            fake_call(&fake, 0, nr, 0, 0, 0, 0, 0, 0)
#define CALL1(nr, a)         fake_call(&fake, 0, nr, (uint64_t)(a), 0, 0, 0, 0, 0)
#define CALL2(nr, a, b)      fake_call(&fake, 0, nr, (uint64_t)(a), (uint64_t)(b), 0, 0, 0, 0)
#define CALL3(nr, a, b, c)   fake_call(&fake, 0, nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), 0, 0, 0)

/* Catches: numbers, arguments or results that get lost on the way. */
TEST(calls_return_what_linux_returns)
{
	begin();
	EXPECT_EQ(CALL0(SYS_getppid), getppid());
	EXPECT_EQ(CALL3(SYS_lseek, 99, 0, 0), -EBADF);
	EXPECT_EQ(fake_slot(&fake, 0)->calls, 2);
	fake_stop(&fake);
}

/* Catches: a mirror that maps other memory, or not before the call. */
TEST(pointers_mean_the_same_on_both_sides)
{
	char *isle;
	int64_t fds;

	begin();
	isle = (char *)fake.mem + IPA;
	EXPECT_EQ(CALL2(SYS_pipe2, FAKE_UVA, 0), 0);
	memcpy(&fds, isle, 8);
	strcpy(isle + 100, "across");
	EXPECT_EQ(CALL3(SYS_write, (int)(fds >> 32), FAKE_UVA + 100, 7), 7);
	EXPECT_EQ(CALL3(SYS_read, (int)fds, FAKE_UVA + 8192, 7), 7);
	EXPECT_STR(isle + 8192, "across");
	EXPECT_EQ(CALL1(SYS_close, (int)fds), 0);
	EXPECT_EQ(CALL1(SYS_close, (int)(fds >> 32)), 0);
	fake_stop(&fake);
}

/* Catches: protection that the mirror ignores, and mappings that outlive their entry. */
TEST(protection_and_unmapping_hold)
{
	begin();
	fake_mirror(&fake, ISLE_MIRROR_PROTECT, FAKE_UVA, 0, ISLE_PAGE_SIZE, 1);
	EXPECT_EQ(CALL2(SYS_pipe2, FAKE_UVA, 0), -EFAULT);
	fake_mirror(&fake, ISLE_MIRROR_UNMAP, FAKE_UVA + ISLE_PAGE_SIZE, 0, ISLE_PAGE_SIZE, 0);
	EXPECT_EQ(CALL2(SYS_pipe2, FAKE_UVA + ISLE_PAGE_SIZE, 0), -EFAULT);
	EXPECT_EQ(CALL2(SYS_pipe2, FAKE_UVA + 8 * ISLE_PAGE_SIZE + 1, 077777777), -EINVAL);
	EXPECT_EQ(fake.failed == NULL, 1);
	fake_stop(&fake);
}

/* Catches: an isle that reaches into the proxy's own memory or asks for calls it must not make. */
TEST(only_the_programs_calls_and_addresses)
{
	uint64_t mine = 0;

	begin();
	EXPECT_EQ(CALL2(SYS_pipe2, &mine, 0), -EFAULT);
	EXPECT_EQ(mine, 0);
	EXPECT_EQ(CALL3(SYS_fcntl, 0, F_GETLK, &mine), -EFAULT);
	EXPECT_EQ(CALL1(SYS_exit_group, 0), -ENOSYS);
	EXPECT_EQ(CALL0(SYS_fork), -ENOSYS);
	EXPECT_EQ(CALL2(SYS_munmap, &mine, 4096), -ENOSYS);
	EXPECT_EQ(CALL0(0xffffffff), -ENOSYS);
	EXPECT_EQ(CALL0(ISLE_CALL_END), -ENOSYS);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_FILL, 0, 0, FAKE_MEM - 10, 11, 0, 0), -EFAULT);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_FILL, 0, 0, ~0ull, 2, 0, 0), -EFAULT);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_MAP_SHARED, 0, 0, 4096, 3, 0, (uint64_t)&mine & ~4095ull), -EINVAL);
	fake_stop(&fake);
}

/* Catches: the program closing or replacing the proxy's descriptors. */
TEST(own_descriptors_are_out_of_reach)
{
	int own = guard_take(open("/dev/null", O_RDONLY));

	begin();
	EXPECT_EQ(own > 100, 1);
	EXPECT_EQ(CALL1(SYS_close, own), -EBADF);
	EXPECT_EQ(CALL2(SYS_dup2, 0, own), -EBADF);
	EXPECT_EQ(CALL3(SYS_fcntl, own, F_GETFD, 0), -EBADF);
	EXPECT_EQ(CALL3(SYS_close_range, (unsigned int)own, ~0u, 0), 0);
	EXPECT_EQ(fcntl(own, F_GETFD) >= 0, 1);
	guard_drop(own);
	fake_stop(&fake);
}

/* Catches: files that are not filled to their end, and handles that the program can close. */
TEST(files_are_kept_and_filled)
{
	char path[] = "/tmp/serve-XXXXXX";
	int64_t handle;
	int fd = mkstemp(path);
	static int64_t kept[GUARD_ROOM];
	unsigned int n;

	begin();
	EXPECT_EQ(write(fd, "0123456789", 10), 10);
	handle = CALL1(ISLE_CALL_KEEP, fd);
	EXPECT_EQ(handle > 0, 1);
	EXPECT_EQ(CALL1(SYS_close, handle), -EBADF);
	EXPECT_EQ(fake_call(&fake, 0, ISLE_CALL_FILL, (uint64_t)handle, 4, IPA, 4096, 0, 0), 6);
	EXPECT_EQ(memcmp(fake.mem + IPA, "456789", 6), 0);
	EXPECT_EQ(CALL1(ISLE_CALL_UNKEEP, handle), 0);
	EXPECT_EQ(CALL1(ISLE_CALL_UNKEEP, fd), -EBADF);
	close(fd);
	/* With no room for another one: none of the program's numbers is left over, and none was ever used. */
	fd = dup(0);
	close(fd);
	for (n = 0; n < GUARD_ROOM && (kept[n] = CALL1(ISLE_CALL_KEEP, 0)) >= 0; n++)
		;
	EXPECT_EQ(n < GUARD_ROOM ? kept[n] : 0, -EMFILE);
	EXPECT_EQ(dup(0), fd);
	close(fd);
	while (n)
		EXPECT_EQ(CALL1(ISLE_CALL_UNKEEP, kept[--n]), 0);
	unlink(path);
	fake_stop(&fake);
}

/* Catches: a blocked call that a signal cannot end, or that blocks the other threads. */
TEST(blocked_calls_are_cancelled_and_hold_nobody)
{
	struct isle_slot *slot;
	uint32_t number;
	int fds[2];

	begin();
	if (pipe(fds))
		abort();
	slot = fake_slot(&fake, 1);
	number = fake_submit(&fake, 1, SYS_read, (uint64_t[6]){ (uint64_t)fds[0], FAKE_UVA, 1, 0, 0, 0 });
	EXPECT_EQ(CALL0(SYS_getppid), getppid());
	EXPECT_EQ(slot->done == number, 0);
	__atomic_store_n(&slot->cancel, number, __ATOMIC_RELEASE);
	if (write(fake.bell[ISLE_SLOT_RECEPTION], &(uint64_t){ 1 }, 8) != 8)
		abort();
	EXPECT_EQ(fake_result(&fake, 1, number), -EINTR);
	EXPECT_EQ(fake_call(&fake, 1, SYS_getppid, 0, 0, 0, 0, 0, 0), getppid());
	close(fds[0]);
	close(fds[1]);
	fake_stop(&fake);
}

/* Catches: SIGPIPE that kills the proxy or is not told to the isle. */
TEST(sigpipe_is_the_threads)
{
	int fds[2];

	begin();
	if (pipe(fds))
		abort();
	close(fds[0]);
	EXPECT_EQ(CALL3(SYS_write, fds[1], FAKE_UVA, 1), -EPIPE);
	EXPECT_EQ(fake_slot(&fake, 0)->flags & ISLE_DONE_F_SIGPIPE, ISLE_DONE_F_SIGPIPE);
	close(fds[1]);
	fake_stop(&fake);
}

/* Catches: bells that are missed when a worker or a core goes to sleep just then. */
TEST(nobody_sleeps_through_a_bell)
{
	struct isle_slot *slot;
	uint64_t count;
	int i, lost = 0;

	begin();
	fake.server.spin = 1;
	slot = fake_slot(&fake, 0);
	slot->asleep = 1;
	for (i = 0; i < 2000; i++)
		lost += CALL0(SYS_getppid) != getppid();
	EXPECT_EQ(lost, 0);
	EXPECT_EQ(read(fake.core_bell, &count, 8), 8);
	/* The last ring may still be on its way when its call is done. */
	EXPECT_EQ(count >= 1999 && count <= 2000, 1);
	note("2000 calls, worker slept %llu times", (unsigned long long)slot->waits);
	fake_stop(&fake);
}

static void bad_entry(const char *why, uint32_t kind, uint64_t uva, uint64_t ipa, uint64_t len, uint32_t prot)
{
	begin();
	fake_mirror(&fake, kind, uva, ipa, len, prot);
	EXPECT_EQ(CALL0(SYS_getppid), -EPROTO);
	EXPECT_EQ(fake.failed != NULL, 1);
	if (fake.failed)
		EXPECT_EQ(strstr(fake.failed, why) != NULL, 1);
	/* Once: whoever calls next meets the same entry. */
	fake.failed = NULL;
	EXPECT_EQ(CALL0(SYS_getppid), -EPROTO);
	EXPECT_EQ(fake.failed == NULL, 1);
	fake_stop(&fake);
}

/* Catches: a mirror log that is believed. */
TEST(an_isle_that_lies_is_ended)
{
	struct isle_mirror *mirror;
	uint64_t mine = (uint64_t)(uintptr_t)&mirror & ~4095ull;

	bad_entry("outside the program", ISLE_MIRROR_MAP, mine, IPA, 4096, PROT_RW);
	bad_entry("outside the program", ISLE_MIRROR_UNMAP, ISLE_USER_BOTTOM, 0, ISLE_USER_TOP, 0);
	bad_entry("outside the program", ISLE_MIRROR_UNMAP, ISLE_USER_BOTTOM, 0, 0, 0);
	bad_entry("outside isle memory", ISLE_MIRROR_MAP, FAKE_UVA, FAKE_MEM - 4096, 8192, PROT_RW);
	bad_entry("outside isle memory", ISLE_MIRROR_MAP, FAKE_UVA, ~4095ull, 4096, PROT_RW);
	bad_entry("page-aligned", ISLE_MIRROR_MAP, FAKE_UVA + 1, IPA, 4096, PROT_RW);
	bad_entry("protection", ISLE_MIRROR_MAP, FAKE_UVA, IPA, 4096, 0xff);
	bad_entry("kind", 77, FAKE_UVA, IPA, 4096, PROT_RW);
	begin();
	mirror = (struct isle_mirror *)(fake.mem + ISLE_WINDOW_MIRROR);
	mirror->head = ISLE_MIRROR_ENTRIES + 5;
	EXPECT_EQ(CALL0(SYS_getppid), -EPROTO);
	fake_stop(&fake);
}

int main(void)
{
	return check_main(NULL);
}
