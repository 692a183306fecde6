// SPDX-License-Identifier: MIT
/*
 * mapping.c - what the owner of an isle may touch of its memory, and what not.
 *
 * Breakages it catches: a private area that can be mapped (who writes there rules a bare core), a
 * granule that the isle kernel did not give to the program, a private copy, an offset behind the
 * end, a mapping that outlives its isle's memory, memory that is not cleared, pages that a system
 * call cannot use.
 */
#include "isle.h"
#include "world.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
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

/* A mapping holds its file open: the isle lives until it is unmapped. */
TEST(mapping_keeps_the_isle)
{
	struct subject it;
	char *w;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	w = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, it.fd,
		 (off_t)it.load.window_ipa);
	ASSERT(w != MAP_FAILED);
	w[ISLE_WINDOW_SIZE - 1] = 1;
	subject_close(&it);
	EXPECT_EQ(dev_info().nr_isles, 1);
	EXPECT_EQ(wait_life(it.id, ISLE_LIFE_RUNNING, SOON_MS), ISLE_LIFE_RUNNING);
	EXPECT_EQ(w[ISLE_WINDOW_SIZE - 1], 1);
	munmap(w, ISLE_WINDOW_SIZE);
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_KILLED);
}

/*
 * How often the secret is anywhere in the memory of node 1, by Linux's own view of it. The secret
 * is kept in another form, so that nobody holds it who does not have it from the isle.
 */
static const unsigned char veiled[] = "a secret of one isle that nobody else must ever see";
#define VEIL  0x80

static unsigned int count_in(const unsigned char *buf, size_t size)
{
	unsigned int n = 0;
	const unsigned char *at;
	size_t i;

	while ((at = memchr(buf, veiled[0] ^ VEIL, size)) &&
	       size - (size_t)(at - buf) >= sizeof(veiled)) {
		for (i = 0; i < sizeof(veiled) && at[i] == (veiled[i] ^ VEIL); i++)
			;
		n += i == sizeof(veiled);
		size -= (size_t)(at + 1 - buf);
		buf = at + 1;
	}
	return n;
}

/* Linux hands out memory in blocks: /sys/devices/system/node/node1/memoryN. */
static int is_of_node_1(uint64_t hpa)
{
	static uint64_t block;
	char path[96], text[32];

	if (!block)
		block = strtoull(file_text("/sys/devices/system/memory/block_size_bytes", text,
					   sizeof(text)), NULL, 16);
	if (!block)
		return 1;
	snprintf(path, sizeof(path), "/sys/devices/system/node/node1/memory%llu",
		 (unsigned long long)(hpa / block));
	return access(path, F_OK) == 0;
}

static unsigned int count_secrets(void)
{
	static unsigned char buf[1 << 20];
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	unsigned int i, n = 0;
	Elf64_Ehdr eh;

	if (fd < 0 || pread(fd, &eh, sizeof(eh), 0) != sizeof(eh)) {
		close(fd);
		SKIP("/proc/kcore cannot be read");
	}
	for (i = 0; i < eh.e_phnum; i++) {
		Elf64_Phdr ph;
		uint64_t at;

		if (pread(fd, &ph, sizeof(ph), (off_t)(eh.e_phoff + i * sizeof(ph))) != sizeof(ph))
			break;
		/* Memory, not kernel text or virtual areas, which are seen a second time. */
		if (ph.p_type != PT_LOAD || ph.p_paddr == ~0ull ||
		    ph.p_vaddr >= 0xffffffff80000000ull)
			continue;
		for (at = 0; at < ph.p_memsz; at += sizeof(buf)) {
			ssize_t got = 0;

			if (is_of_node_1(ph.p_paddr + at))
				got = pread(fd, buf, sizeof(buf), (off_t)(ph.p_offset + at));
			n += got > 0 ? count_in(buf, (size_t)got) : 0;
			memset(buf, 0, sizeof(buf));
		}
	}
	close(fd);
	return n;
}

/* What the window held is nowhere when the isle is gone. While it lives the search does find it. */
TEST(memory_is_scrubbed_at_the_end)
{
	struct subject it;
	unsigned char *w;
	size_t i;

	need_image();
	need_reserve();
	if (!subject_run(&it, places()->far0, "idle"))
		return;
	w = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, it.fd,
		 (off_t)it.load.window_ipa);
	ASSERT(w != MAP_FAILED);
	for (i = 0; i < sizeof(veiled); i++)
		w[ISLE_WINDOW_SIZE - 4096 + i] = veiled[i] ^ VEIL;
	munmap(w, ISLE_WINDOW_SIZE);
	EXPECT_EQ(count_secrets(), 1);
	subject_close(&it);
	EXPECT_EQ(count_secrets(), 0);
}

int main(void)
{
	return check_main(&isle_hooks);
}
