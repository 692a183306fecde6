// SPDX-License-Identifier: MIT
/*
 * mapping.c - what the owner of an isle may touch of its memory, and what not.
 *
 * Breakages it catches: a private area that can be mapped (who writes there rules a bare core), a
 * granule that the isle kernel did not give to the program, a private copy, an offset behind the
 * end, a mapping that outlives its isle's memory, pages that a system call cannot use.
 */
#include "isle.h"
#include "world.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define GRANULE  ISLE_GRANULE_SIZE

/* The signal that ends a child which reads (or writes) one byte at this offset; 0 if it may. */
static int touch(int fd, uint64_t offset, int write)
{
	pid_t pid = child_fork();
	int status;

	if (pid == 0) {
		volatile unsigned char *p;

		p = mmap(NULL, GRANULE, PROT_READ | (write ? PROT_WRITE : 0), MAP_SHARED, fd,
			 (off_t)offset);
		if (p == MAP_FAILED)
			_exit(100);
		if (write)
			p[64] = p[64];
		else
			(void)p[64];
		_exit(0);
	}
	status = child_wait(pid, SOON_MS);
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* Also while it is only loaded: nothing but the window is ever anybody else's. */
static void expect_only_window(const struct subject *it, uint64_t size)
{
	uint64_t at;

	for (at = 0; at < size; at += GRANULE) {
		int got = touch(it->fd, at, 0);
		int want = at == it->load.window_ipa ? 0 : SIGBUS;

		EXPECT_THAT(got == want, "reading at ipa %#llx gives %d, expected %d",
			    (unsigned long long)at, got, want);
	}
}

TEST(window_only)
{
	struct subject it;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	EXPECT_EQ(it.load.window_ipa % GRANULE, 0);
	EXPECT_GE(it.load.window_ipa, it.load.private_size);
	EXPECT_GE(it.load.window_size, ISLE_WINDOW_SIZE);
	expect_only_window(&it, SUBJECT_MIB * MIB);
	EXPECT_EQ(touch(it.fd, 0, 1), SIGBUS);
	EXPECT_EQ(touch(it.fd, it.load.private_size - GRANULE, 1), SIGBUS);
	EXPECT_EQ(touch(it.fd, it.load.window_ipa + it.load.window_size, 1), SIGBUS);
	EXPECT_EQ(touch(it.fd, it.load.window_ipa, 1), 0);
}

TEST(window_is_the_isle_kernels)
{
	struct isle_window *w;
	struct subject it;
	int fds[2];
	char byte;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	w = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, it.fd,
		 (off_t)it.load.window_ipa);
	ASSERT(w != MAP_FAILED);
	EXPECT_EQ(w->magic, ISLE_WINDOW_MAGIC);
	EXPECT_EQ(w->revision, ISLE_ABI_REVISION);
	/* System calls can use its pages, both ways. */
	ASSERT_EQ(pipe(fds), 0);
	EXPECT_EQ(write(fds[1], w, 8), 8);
	EXPECT_EQ(read(fds[0], (char *)w + ISLE_WINDOW_SIZE - 8, 8), 8);
	EXPECT_EQ(memcmp(w, (char *)w + ISLE_WINDOW_SIZE - 8, 8), 0);
	EXPECT_EQ(write(fds[1], &byte, 1), 1);
	close(fds[0]);
	close(fds[1]);
	EXPECT_EQ(munmap(w, ISLE_WINDOW_SIZE), 0);
}

static int map_error(int fd, uint64_t offset, size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, (off_t)offset);

	if (p == MAP_FAILED)
		return -errno;
	munmap(p, size);
	return 0;
}

TEST(wrong_mappings)
{
	struct subject it, none;
	int got;

	need_image();
	need_reserve();
	ASSERT_ERR(subject_make(&none, "", NULL, STAGE_OPEN), 0);
	EXPECT_LT(map_error(none.fd, 0, GRANULE, MAP_SHARED), 0);
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	EXPECT_ERR(map_error(it.fd, it.load.window_ipa, GRANULE, MAP_PRIVATE), -EINVAL);
	/* Behind the end: mmap says so, or the first touch. */
	got = touch(it.fd, SUBJECT_MIB * MIB, 0);
	EXPECT_THAT(got == SIGBUS || got == 100, "behind the end: %d", got);
	got = touch(it.fd, 1ull << 46, 0);
	EXPECT_THAT(got == SIGBUS || got == 100, "far behind the end: %d", got);
	got = touch(it.fd, 0 - GRANULE, 0);
	EXPECT_THAT(got == SIGBUS || got == 100, "at an offset that wraps: %d", got);
}

/* An isle that is not loaded has no window yet. */
TEST(created_isle_has_nothing_to_touch)
{
	struct subject it;
	uint64_t at;

	need_reserve();
	ASSERT_ERR(subject_make(&it, places()->far0, NULL, STAGE_CREATED), 0);
	for (at = 0; at < SUBJECT_MIB * MIB; at += 8 * GRANULE) {
		int got = touch(it.fd, at, 1);

		EXPECT_THAT(got == SIGBUS || got == 100, "writing at ipa %#llx gives %d",
			    (unsigned long long)at, got);
	}
}

/*
 * A mapping holds its file open: the isle lives until it is unmapped. Whoever dies with the mapping
 * ends both, and what the window held is not seen in the next isle's.
 */
TEST(memory_is_scrubbed_between_isles)
{
	static const char secret[] = "a secret of the first isle, to be seen by nobody else";
	struct subject it;
	char *w;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	w = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, it.fd,
		 (off_t)it.load.window_ipa);
	ASSERT(w != MAP_FAILED);
	memcpy(w + ISLE_WINDOW_SIZE - 4096, secret, sizeof(secret));
	subject_close(&it);
	EXPECT_EQ(dev_info().nr_isles, 1);
	munmap(w, ISLE_WINDOW_SIZE);
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	w = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, it.fd,
		 (off_t)it.load.window_ipa);
	ASSERT(w != MAP_FAILED);
	EXPECT_THAT(!memmem(w, ISLE_WINDOW_SIZE, secret, sizeof(secret)),
		    "the secret is still there");
	munmap(w, ISLE_WINDOW_SIZE);
}

int main(void)
{
	return check_main(&isle_hooks);
}
