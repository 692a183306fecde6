// SPDX-License-Identifier: MIT
/*
 * spawn.c - children of the program, up to the programs they become, with the isle's part played on Linux.
 */
#include "../lib/check.h"
#include "fake.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define IPA      (4ull << 20)
#define PAGES    16u
#define PROT_RW  3u
#define CHILD    1u   /* slot of the child */
#define FDCWD    ((uint32_t)AT_FDCWD)

static struct fake fake;
static char *isle;    /* the program's memory at FAKE_UVA */

static int64_t call(uint32_t slot, uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2)
{
	return fake_call(&fake, slot, nr, a0, a1, a2, 0, 0, 0);
}

static pid_t begin(void)
{
	fake_start(&fake);
	fake_mirror(&fake, ISLE_MIRROR_MAP, FAKE_UVA, IPA, PAGES * ISLE_PAGE_SIZE, PROT_RW);
	isle = (char *)fake.mem + IPA;
	return (pid_t)call(CHILD, ISLE_CALL_SPAWN, SIGCHLD, 0, 0);
}

static bool gone(void)
{
	return fake_slot(&fake, CHILD)->flags & ISLE_DONE_F_GONE;
}

static int ended(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* execve of up to four words, at the program's address FAKE_UVA. */
static int64_t exec(uint64_t blocked, uint64_t ignored, const char *const words[4])
{
	uint64_t *vector = (uint64_t *)isle;
	size_t i, at = 512;

	for (i = 0; i < 4 && words[i]; i++) {
		vector[i] = FAKE_UVA + at;
		strcpy(isle + at, words[i]);
		at += strlen(words[i]) + 1;
	}
	vector[i] = vector[i + 1] = 0;
	return fake_call(&fake, CHILD, ISLE_CALL_EXEC, FDCWD, vector[0], FAKE_UVA, FAKE_UVA + 8 * i, blocked, ignored);
}

/* What a program run in the child writes. */
static char *output(uint64_t blocked, uint64_t ignored, const char *const words[4])
{
	static char text[8192];
	pid_t pid = begin();
	size_t len = 0;
	ssize_t n;
	int fds[2];

	EXPECT_EQ(call(0, SYS_pipe2, FAKE_UVA + 4096, O_CLOEXEC, 0), 0);
	call(CHILD, SYS_close, 0, 0, 0);
	memcpy(fds, isle + 4096, sizeof(fds));
	/* The child was there before the pipe: it is handed one end by a path. */
	snprintf(isle + 4200, 64, "/proc/%d/fd/%d", (int)getpid(), fds[1]);
	EXPECT_EQ(call(CHILD, SYS_open, FAKE_UVA + 4200, O_WRONLY, 0), 0);
	EXPECT_EQ(call(CHILD, SYS_dup2, 0, 1, 0), 1);
	EXPECT_EQ(call(CHILD, SYS_close, 0, 0, 0), 0);
	exec(blocked, ignored, words);
	EXPECT_EQ(gone(), 1);
	close(fds[1]);
	while ((n = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	close(fds[0]);
	EXPECT_EQ(ended(pid), 0);
	fake_stop(&fake);
	return text;
}

/* Catches: calls of the child that the proxy makes, and the other way round. */
TEST(the_child_is_a_process_of_its_own)
{
	char here[256] = "", there[64];
	pid_t pid = begin();

	EXPECT_EQ(pid > 0 && pid != getpid(), 1);
	EXPECT_EQ(call(CHILD, SYS_getppid, 0, 0, 0), getpid());
	EXPECT_EQ(call(0, SYS_getppid, 0, 0, 0), getppid());
	/* Not even until it is another program: an isle ends when nobody has it open. */
	EXPECT_EQ(call(CHILD, SYS_fcntl, (uint64_t)fake.core_bell, F_GETFD, 0), -EBADF);
	EXPECT_EQ(call(CHILD, SYS_setpgid, 0, 0, 0), 0);
	EXPECT_EQ(getpgid(pid), pid);
	strcpy(isle, "/proc");
	EXPECT_EQ(call(CHILD, SYS_chdir, FAKE_UVA, 0, 0), 0);
	snprintf(there, sizeof(there), "/proc/%d/cwd", (int)pid);
	EXPECT_EQ(readlink(there, here, sizeof(here) - 1), 5);
	EXPECT_STR(here, "/proc");
	EXPECT_EQ(readlink("/proc/self/cwd", here, sizeof(here) - 1) == 5 && !strcmp(here, "/proc"), 0);
	EXPECT_EQ(call(CHILD, SYS_close, 2, 0, 0), 0);
	EXPECT_EQ(fcntl(2, F_GETFD), 0);
	EXPECT_EQ(call(CHILD, ISLE_CALL_LEAVE, 7 << 8, 0, 0), -ESRCH);
	EXPECT_EQ(gone(), 1);
	EXPECT_EQ(ended(pid), 7 << 8);
	/* An ordinary slot again. */
	EXPECT_EQ(call(CHILD, SYS_getppid, 0, 0, 0), getppid());
	EXPECT_EQ(gone(), 0);
	fake_stop(&fake);
}

/* Catches: the program's limits that bind the proxy, and children that do not have them. */
TEST(limits_are_the_programs)
{
	static const int all[] = { RLIMIT_AS, RLIMIT_DATA, RLIMIT_NOFILE };
	struct rlimit *limit, old;
	int64_t handle;
	uint32_t i;

	begin();
	limit = (struct rlimit *)(void *)isle;
	call(CHILD, ISLE_CALL_LEAVE, 0, 0, 0);
	getrlimit(RLIMIT_NOFILE, &old);
	for (i = 0; i < 3; i++) {
		*limit = (struct rlimit){ 20, 40 };
		EXPECT_EQ(fake_call(&fake, 0, SYS_prlimit64, 0, (uint64_t)all[i], FAKE_UVA, 0, 0, 0), 0);
	}
	EXPECT_EQ(fake_call(&fake, 0, SYS_prlimit64, 0, RLIMIT_NOFILE, 8, 0, 0, 0), -EFAULT);
	/* The program's numbers end at 20; files are kept, and memory is mapped, all the same. */
	EXPECT_EQ(call(0, SYS_fcntl, 0, F_DUPFD, 20), -EINVAL);
	handle = call(0, ISLE_CALL_KEEP, 0, 0, 0);
	EXPECT_GT(handle, 100);
	EXPECT_EQ(call(0, ISLE_CALL_UNKEEP, (uint64_t)handle, 0, 0), 0);
	fake_mirror(&fake, ISLE_MIRROR_MAP, FAKE_UVA + (1 << 20), IPA, 4096, PROT_READ | PROT_WRITE);
	EXPECT_EQ(call(0, SYS_getppid, 0, 0, 0), getppid());
	EXPECT_GT(fake_call(&fake, CHILD, ISLE_CALL_SPAWN, SIGCHLD, 0, 0, 0, 0, 0), 0);
	for (i = 0; i < 3; i++) {
		*limit = (struct rlimit){ 0, 0 };
		EXPECT_EQ(fake_call(&fake, CHILD, SYS_prlimit64, 0, (uint64_t)all[i], 0, FAKE_UVA, 0, 0), 0);
		EXPECT_EQ(limit->rlim_cur, 20);
		EXPECT_EQ(limit->rlim_max, 40);
	}
	call(CHILD, ISLE_CALL_LEAVE, 0, 0, 0);
	EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	fake_stop(&fake);
}

/* Catches: an exec whose failure ends the child or is not told. */
TEST(a_failed_exec_leaves_the_child)
{
	pid_t pid = begin();

	EXPECT_EQ(exec(0, 0, (const char *const[4]){ "/no/such/program" }), -ENOENT);
	EXPECT_EQ(gone(), 0);
	EXPECT_EQ(exec(0, 0, (const char *const[4]){ "/dev/null" }), -EACCES);
	EXPECT_EQ(call(CHILD, SYS_getppid, 0, 0, 0), getpid());
	exec(0, 0, (const char *const[4]){ "/bin/sh", "-c", "exit 5" });
	EXPECT_EQ(gone(), 1);
	EXPECT_EQ(ended(pid), 5 << 8);
	fake_stop(&fake);
}

/* Catches: the proxy's mask, dispositions and descriptors in programs that were started. */
TEST(programs_inherit_the_programs_state)
{
	const char *const status[4] = { "/bin/cat", "/proc/self/status" };
	const char *const fds[4] = { "/bin/ls", "/proc/self/fd" };
	int own = guard_take(open("/dev/null", O_RDONLY | O_CLOEXEC));
	char *text = output(1ull << (SIGUSR2 - 1), 1ull << (SIGUSR1 - 1) | 1ull << (SIGCHLD - 1), status);

	EXPECT_EQ(strstr(text, "SigBlk:\t0000000000000800") != NULL, 1);
	EXPECT_EQ(strstr(text, "SigIgn:\t0000000000010200") != NULL, 1);
	EXPECT_EQ(strstr(text, "SigCgt:\t0000000000000000") != NULL, 1);
	text = output(0, 0, fds);
	EXPECT_EQ(strstr(text, "1\n") != NULL, 1);
	for (; *text; text = strchr(text, '\n') + 1)
		EXPECT_EQ(atoi(text) < guard_first(), 1);
	guard_drop(own);
}

/* Catches: a child that sees the memory as it was when it began. */
TEST(the_mirror_goes_on)
{
	uint64_t fresh = FAKE_UVA + PAGES * ISLE_PAGE_SIZE;
	pid_t pid = begin();
	int fds[2];

	EXPECT_EQ(call(CHILD, SYS_pipe2, fresh, 0, 0), -EFAULT);
	fake_mirror(&fake, ISLE_MIRROR_MAP, fresh, IPA + PAGES * ISLE_PAGE_SIZE, ISLE_PAGE_SIZE, PROT_RW);
	memset(fds, 0, sizeof(fds));
	EXPECT_EQ(call(CHILD, SYS_pipe2, fresh, 0, 0), 0);
	memcpy(fds, isle + PAGES * ISLE_PAGE_SIZE, sizeof(fds));
	EXPECT_EQ(fds[0] > 2 && fds[1] > fds[0], 1);
	EXPECT_EQ(call(CHILD, ISLE_CALL_LEAVE, SIGTERM, 0, 0), -ESRCH);
	EXPECT_EQ(ended(pid), SIGTERM);
	fake_stop(&fake);
}

/* Catches: a slot that goes on in the proxy's name, or hangs, when its child was killed. */
TEST(a_killed_child_is_noticed)
{
	pid_t pid = begin();
	uint32_t number;

	kill(pid, SIGKILL);
	EXPECT_EQ(ended(pid), SIGKILL);
	EXPECT_EQ(call(CHILD, SYS_getppid, 0, 0, 0), -ESRCH);
	EXPECT_EQ(gone(), 1);
	/* And one in the midst of a call. */
	pid = (pid_t)call(CHILD, ISLE_CALL_SPAWN, SIGCHLD, 0, 0);
	number = fake_submit(&fake, CHILD, SYS_pipe2, (uint64_t[6]){ FAKE_UVA });
	EXPECT_EQ(fake_result(&fake, CHILD, number), 0);
	number = fake_submit(&fake, CHILD, SYS_read, (uint64_t[6]){ *(uint32_t *)isle, FAKE_UVA, 1 });
	usleep(20000);
	kill(pid, SIGKILL);
	EXPECT_EQ(fake_result(&fake, CHILD, number), -ESRCH);
	EXPECT_EQ(ended(pid), SIGKILL);
	fake_stop(&fake);
}

/* Catches: calls of a child that nothing can break off. */
TEST(a_blocked_call_is_cancelled)
{
	pid_t pid = begin();
	uint32_t number;

	EXPECT_EQ(call(CHILD, SYS_pipe2, FAKE_UVA, 0, 0), 0);
	number = fake_submit(&fake, CHILD, SYS_read, (uint64_t[6]){ *(uint32_t *)isle, FAKE_UVA, 1 });
	usleep(20000);
	__atomic_store_n(&fake_slot(&fake, CHILD)->cancel, number, __ATOMIC_RELEASE);
	EXPECT_EQ(write(fake.bell[ISLE_SLOT_RECEPTION], &(uint64_t){ 1 }, 8), 8);
	EXPECT_EQ(fake_result(&fake, CHILD, number), -EINTR);
	EXPECT_EQ(call(CHILD, SYS_getppid, 0, 0, 0), getpid());
	/* An isle that ends takes the child along. */
	fake_submit(&fake, CHILD, SYS_read, (uint64_t[6]){ *(uint32_t *)isle, FAKE_UVA, 1 });
	usleep(20000);
	fake_stop(&fake);
	EXPECT_EQ(ended(pid), SIGKILL);
}

/* Catches: a child that outlives a proxy that was killed. */
TEST(the_child_dies_with_the_proxy)
{
	int fds[2];
	pid_t proxy, pid = 0;

	EXPECT_EQ(pipe(fds), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	proxy = fork();
	if (proxy == 0) {
		pid = begin();
		call(CHILD, SYS_pipe2, FAKE_UVA, 0, 0);
		fake_submit(&fake, CHILD, SYS_read, (uint64_t[6]){ *(uint32_t *)isle, FAKE_UVA, 1 });
		if (write(fds[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		pause();
	}
	EXPECT_EQ(read(fds[0], &pid, sizeof(pid)), sizeof(pid));
	kill(proxy, SIGKILL);
	EXPECT_EQ(ended(proxy), SIGKILL);
	EXPECT_EQ(ended(pid), SIGKILL);
	close(fds[0]);
	close(fds[1]);
}

/* Catches: an isle that gets at what is not the program's through these calls. */
TEST(what_an_isle_may_not_ask)
{
	pid_t pid = begin();

	EXPECT_EQ(call(CHILD, ISLE_CALL_SPAWN, SIGCHLD, 0, 0), -EBUSY);
	EXPECT_EQ(call(0, ISLE_CALL_SPAWN, SIGKILL, 0, 0), -EINVAL);
	EXPECT_EQ(call(0, ISLE_CALL_SPAWN, SIGCHLD, CLONE_PIDFD, (uint64_t)(uintptr_t)&pid), -EFAULT);
	EXPECT_EQ(call(0, ISLE_CALL_LEAVE, 0, 0, 0), -ESRCH);
	EXPECT_EQ(call(CHILD, ISLE_CALL_EXEC, FDCWD, (uint64_t)(uintptr_t)"/bin/true", FAKE_UVA), -EFAULT);
	EXPECT_EQ(call(CHILD, ISLE_CALL_KEEP, 0, 0, 0), -ENODEV);
	EXPECT_EQ(call(CHILD, SYS_execve, FAKE_UVA, 0, 0), -ENOSYS);
	/* The child has the proxy's memory. */
	EXPECT_EQ(call(CHILD, SYS_madvise, FAKE_UVA, ISLE_PAGE_SIZE, MADV_DONTNEED), -EINVAL);
	EXPECT_EQ(call(CHILD, SYS_madvise, FAKE_UVA, 0x7fffffffffff, MADV_REMOVE), -EINVAL);
	call(CHILD, ISLE_CALL_LEAVE, 0, 0, 0);
	EXPECT_EQ(ended(pid), 0);
	fake_stop(&fake);
}

int main(void)
{
	return check_main(NULL);
}
