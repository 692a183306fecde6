// SPDX-License-Identifier: MIT
/*
 * exec.c - the program becomes another one, with the isle's part played on Linux.
 */
#include "../lib/check.h"
#include "fake.h"

#include <fcntl.h>
#include <isle/exec.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define IPA     (4ull << 20)
#define PAGES   64u
#define FDCWD   ((uint32_t)AT_FDCWD)
#define WORDS   (FAKE_UVA + ISLE_PAGE_SIZE)   /* argv and envp */
#define TEXT    (FAKE_UVA + 2 * ISLE_PAGE_SIZE)

static struct fake fake;
static char *isle;    /* the program's memory at FAKE_UVA */

static void begin(void)
{
	fake_start(&fake);
	fake_mirror(&fake, ISLE_MIRROR_MAP, FAKE_UVA, IPA, PAGES * ISLE_PAGE_SIZE, 3);
	isle = (char *)fake.mem + IPA;
	memset(isle, 0, PAGES * ISLE_PAGE_SIZE);
}

static int64_t call(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	return fake_call(&fake, 0, nr, a0, a1, a2, a3, 0, 0);
}

/* execve of a path with these arguments; both vectors and strings in the program's memory. */
static int64_t exec(const char *path, const char *const words[])
{
	uint64_t *vector = (uint64_t *)(isle + (WORDS - FAKE_UVA));
	uint64_t at = TEXT;
	size_t i;

	strcpy(isle, path);
	for (i = 0; words[i]; i++) {
		vector[i] = at;
		strcpy(isle + (at - FAKE_UVA), words[i]);
		at += strlen(words[i]) + 1;
	}
	vector[i] = 0;
	return call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, WORDS, WORDS + 8 * i);
}

/* Gives the file of an exec that could be back: false if it could not. */
static bool drop(int64_t handle)
{
	return handle > 0 && call(ISLE_CALL_UNKEEP, (uint64_t)handle, 0, 0, 0) == 0;
}

static const struct isle_exec *block(void)
{
	return (const struct isle_exec *)(fake.server.window + ISLE_WINDOW_EXEC);
}

static bool says(const char *strings, size_t size)
{
	return block()->strings_size == size && memcmp(block() + 1, strings, size) == 0;
}

static void script_make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	EXPECT_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* Catches: arguments that get lost, a descriptor where the program's are. */
TEST(the_block_says_what_to_run)
{
	static const char *const words[] = { "zero", "", "two words", NULL };
	int64_t handle;

	begin();
	handle = exec("/bin/true", words);
	EXPECT_EQ(handle >= guard_first() && guard_owns((int)handle), 1);
	EXPECT_EQ(block()->fd, handle);
	EXPECT_EQ(block()->argc, 3);
	EXPECT_EQ(block()->envc, 0);
	EXPECT_EQ(says("zero\0\0two words\0/bin/true", sizeof("zero\0\0two words\0/bin/true")), 1);
	EXPECT_EQ(drop(handle), 1);
	/* No arguments at all are one empty one, as on Linux. */
	handle = call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, 0, 0);
	EXPECT_EQ(guard_owns((int)handle), 1);
	EXPECT_EQ(block()->argc, 1);
	EXPECT_EQ(drop(handle), 1);
	fake_stop(&fake);
}

/* Catches: #! lines that are followed otherwise than Linux does. */
TEST(scripts_name_their_interpreter)
{
	static const char *const words[] = { "zero", "one", NULL };
	static const char want[] = "/bin/true\0-x  y\0/proc/self/cwd/s1\0s0\0one\0s0";
	char place[] = "/tmp/exec-test-XXXXXX", before[512];

	EXPECT_EQ(mkdtemp(place) != NULL && getcwd(before, sizeof(before)) != NULL && chdir(place) == 0, 1);
	script_make("s0", "#!/proc/self/cwd/s1\n");
	script_make("s1", "#! /bin/true \t-x  y \n");
	script_make("s2", "#!s2\n");
	script_make("s3", "#!\n");
	begin();
	EXPECT_EQ(drop(exec("s0", words)), 1);
	EXPECT_EQ(block()->argc, 5);
	EXPECT_EQ(says(want, sizeof(want)), 1);
	EXPECT_EQ(exec("s2", words), -ELOOP);
	EXPECT_EQ(exec("s3", words), -ENOEXEC);
	EXPECT_EQ(exec("/etc/passwd", words), -EACCES);
	fake_stop(&fake);
	unlink("s0"), unlink("s1"), unlink("s2"), unlink("s3");
	EXPECT_EQ(chdir(before), 0);
	EXPECT_EQ(rmdir(place), 0);
}

/* Catches: an isle that has the proxy's memory or descriptors read or closed for it. */
TEST(what_an_isle_may_not_ask)
{
	static const char *const words[] = { "zero", NULL };
	static char mine[] = "/bin/true";
	static uint64_t vector[2];
	uint64_t own = (uint64_t)(uintptr_t)mine, *theirs, edge = FAKE_UVA + PAGES * ISLE_PAGE_SIZE;

	begin();
	EXPECT_EQ(drop(exec("/bin/true", words)), 1);
	vector[0] = own;
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, own, WORDS, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, (uint64_t)(uintptr_t)vector, 0), -EFAULT);
	theirs = (uint64_t *)(isle + (WORDS - FAKE_UVA));
	theirs[0] = own;
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, WORDS, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, 0, WORDS), -EFAULT);
	/* Strings and vectors that go over the end of what is there. */
	memset(isle + (edge - FAKE_UVA) - 64, 'x', 64);
	theirs[0] = edge - 8;
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, WORDS, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, edge - 8, 0, 0), -EFAULT);
	theirs = (uint64_t *)(isle + (edge - FAKE_UVA) - 8);
	theirs[0] = FAKE_UVA;
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, edge - 8, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC, FDCWD, FAKE_UVA, edge - 7, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC_FILE, own, 0, 0, 0), -EFAULT);
	EXPECT_EQ(call(ISLE_CALL_EXEC_DONE, 0, 0, 0, 0), -EBADF);
	EXPECT_EQ(call(ISLE_CALL_EXEC_DONE, (uint64_t)-1, 0, 0, 0), -EBADF);
	EXPECT_EQ(call(SYS_execve, FAKE_UVA, 0, 0, 0), -ENOSYS);
	fake_stop(&fake);
}

/* Catches: descriptors that stay or go against their flag. */
TEST(an_exec_closes_what_is_marked)
{
	static const char *const words[] = { "zero", NULL };
	int stays, goes;
	int64_t handle;

	begin();
	stays = dup(0);
	goes = fcntl(0, F_DUPFD_CLOEXEC, 0);
	handle = exec("/bin/true", words);
	EXPECT_EQ(call(ISLE_CALL_EXEC_DONE, (uint64_t)handle, 0, 0, 0), 0);
	EXPECT_EQ(fcntl(stays, F_GETFD), 0);
	EXPECT_EQ(fcntl(goes, F_GETFD), -1);
	EXPECT_EQ(guard_owns((int)handle) && fcntl((int)handle, F_GETFD) >= 0, 1);
	EXPECT_EQ(drop(handle), 1);
	close(stays);
	fake_stop(&fake);
}

int main(void)
{
	return check_main(NULL);
}
