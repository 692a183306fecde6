// SPDX-License-Identifier: MIT
/*
 * fuzz_serve.c - an isle that writes garbage into everything it shares with the proxy.
 *
 * Each round plays a hostile isle: slots, mirror log, signal ring or any byte of the window get values that are
 * random, or almost right. The proxy may refuse, fail the isle or run a harmless call; it must not crash, hang,
 * lose a descriptor of its own or let its own memory be changed. A child does it, behind a system call filter,
 * because a hostile isle may ask for any call that its user may make, and this user is often root. FUZZ_ROUNDS and
 * FUZZ_SEED say how much and what.
 */
#include "../lib/check.h"
#include "fake.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <isle/signal.h>

#define ROUNDS_DEFAULT  3000u
#define SECONDS_MAX     120u
#define CANARY          4096u
#define SLOTS           8u     /* those that have bells, see fake.c */
#define RESTART_EVERY   64u
#define PATIENCE        200u

enum { KIND_SLOTS, KIND_MIRROR, KIND_SIGNALS, KIND_BYTES, NR_KINDS };

/* What the child did, for the parent to see that it did something. */
struct tally {
	uint64_t calls;
	uint64_t failed;
};

static struct fake fake;
static uint64_t state;
static struct tally *tally;

/* xorshift64*: the same on every machine, so that a seed means something. */
static uint64_t rnd(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* What the server and the calls below need; anything else fails with EPERM, so nothing outside is touched. */
static void filter_install(void)
{
	static const int allowed[] = {
		SYS_read, SYS_write, SYS_close, SYS_fstat, SYS_poll, SYS_lseek, SYS_mmap, SYS_mprotect,
		SYS_munmap, SYS_brk, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
		SYS_rt_sigtimedwait, SYS_pread64, SYS_readv, SYS_writev, SYS_sched_yield, SYS_madvise, SYS_dup,
		SYS_dup2, SYS_nanosleep, SYS_clock_nanosleep, SYS_getpid, SYS_getppid, SYS_clone, SYS_clone3,
		SYS_exit, SYS_exit_group, SYS_fcntl, SYS_ftruncate, SYS_gettid, SYS_tgkill, SYS_futex,
		SYS_set_robust_list, SYS_rseq, SYS_eventfd2, SYS_pipe2, SYS_memfd_create, SYS_prlimit64,
		SYS_getrandom, SYS_restart_syscall, SYS_epoll_create1, SYS_epoll_wait, SYS_uname, SYS_getcwd,
		SYS_close_range,
	};
	struct sock_filter code[2 * sizeof(allowed) / sizeof(allowed[0]) + 2];
	struct sock_fprog program = { .filter = code };
	size_t i, n = 0;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[i], 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(90);
}

/* Numbers that sit on borders more often than chance would have it. */
static uint64_t odd_number(void)
{
	static const uint64_t border[] = {
		0, 1, 8, 4095, 4096, 4097, 0x200000, FAKE_MEM - 4096, FAKE_MEM, ISLE_USER_BOTTOM, ISLE_USER_BOTTOM - 1,
		ISLE_USER_TOP - 4096, ISLE_USER_TOP - 1, ISLE_USER_TOP, 0x7ffffffff000, 0x800000000000, ~0ull,
		~0ull - 4095,
		1ull << 63, 0xffff800000000000, FAKE_UVA, FAKE_UVA + 4096,
	};

	switch (rnd() % 4) {
	case 0:
		return border[rnd() % (sizeof(border) / sizeof(border[0]))];
	case 1:
		return rnd() % 64;
	case 2:
		return border[rnd() % (sizeof(border) / sizeof(border[0]))] + (rnd() % 33 - 16) * 8;
	default:
		return rnd() >> (rnd() % 64);
	}
}

/* A call that may be anything, submitted by the rules or against them. */
static void round_slots(void)
{
	uint32_t nr_slot = (uint32_t)(rnd() % SLOTS), nr, i;
	struct isle_slot *slot = fake_slot(&fake, nr_slot);
	uint64_t arg[6];

	for (i = 0; i < 6; i++)
		arg[i] = odd_number();
	/* All that there are, and one that there is not. */
	nr = rnd() % 2 ? ISLE_CALL_SYNC + (uint32_t)(rnd() % (ISLE_CALL_END - ISLE_CALL_SYNC + 1)) :
			 (uint32_t)(rnd() % 480);
	if (rnd() % 16 == 0)
		nr = (uint32_t)rnd();
	fake_submit(&fake, nr_slot, nr, arg);
	slot->row = (uint32_t)odd_number();
	slot->asleep = (uint32_t)rnd() % 2;
	slot->tid = (uint32_t)odd_number();
	if (rnd() % 4 == 0)
		slot->cancel = slot->submit - (uint32_t)(rnd() % 2);
	if (rnd() % 32 == 0) /* words that are the proxy's */
		slot->done = (uint32_t)rnd();
	/* Mostly by the rules: the call may end before the next one overwrites it. */
	for (i = rnd() % 4 ? 0 : PATIENCE; i < PATIENCE && slot->done != slot->submit; i++)
		sched_yield();
}

static void round_mirror(void)
{
	struct isle_mirror *mirror = (struct isle_mirror *)(fake.mem + ISLE_WINDOW_MIRROR);
	uint64_t n = 1 + rnd() % 8, page = ~(uint64_t)(ISLE_PAGE_SIZE - 1);

	while (n--) {
		uint64_t low = rnd() % 16 ? page : ~0ull;

		fake_mirror(&fake, (uint32_t)(rnd() % 5), (FAKE_UVA + odd_number() % (1ull << 32)) & low,
			    odd_number() & low, odd_number() & low, (uint32_t)(rnd() % 16 ? rnd() % 8 : rnd()));
	}
	if (rnd() % 32 == 0)
		__atomic_store_n(&mirror->head, odd_number(), __ATOMIC_RELEASE);
	round_slots();
}

static void round_signals(void)
{
	struct isle_signal_ring *ring = (struct isle_signal_ring *)(fake.mem + ISLE_WINDOW_SIGNALS);

	ring->tail = odd_number();
	if (rnd() % 4 == 0)
		ring->entry[rnd() % ISLE_SIGNAL_ENTRIES].signo = (uint32_t)rnd();
	round_slots();
}

static void round_bytes(void)
{
	uint64_t n = 1 + rnd() % 64;

	while (n--) {
		/* Mostly where something is: slots of those that have bells, heads, the first mirror entries. */
		uint64_t at = rnd() % 2 ? ISLE_WINDOW_SLOTS + rnd() % (SLOTS * sizeof(struct isle_slot)) :
					  rnd() % ISLE_WINDOW_SIZE;

		fake.mem[at] = (uint8_t)rnd();
	}
	round_slots();
}

/* A failed isle would be ended; and one that lives long fills the proxy with mappings. */
static void isle_renew(void)
{
	uint32_t i;

	for (i = 0; i < SLOTS; i++)
		tally->calls += fake_slot(&fake, i)->calls < RESTART_EVERY * SLOTS ? fake_slot(&fake, i)->calls : 0;
	tally->failed += fake.failed != NULL;
	fake_stop(&fake);
	munmap((void *)ISLE_USER_BOTTOM, ISLE_USER_TOP - ISLE_USER_BOTTOM);
	fake_start(&fake);
}

static void child_main(unsigned int kind, uint64_t rounds)
{
	static void (*const round[NR_KINDS])(void) = { round_slots, round_mirror, round_signals, round_bytes };
	uint8_t *canary = malloc(CANARY);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), own;
	uint64_t i;

	alarm(SECONDS_MAX);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	own = guard_take(null);
	memset(canary, 0x5a, CANARY);
	filter_install();
	fake_start(&fake);
	for (i = 0; i < rounds; i++) {
		round[kind]();
		if (fake.failed || i % RESTART_EVERY == RESTART_EVERY - 1)
			isle_renew();
	}
	fake_stop(&fake);
	for (i = 0; i < CANARY; i++)
		if (canary[i] != 0x5a)
			_exit(91);
	_exit(fcntl(own, F_GETFD) < 0 ? 92 : 0);
}

static void fuzz(unsigned int kind)
{
	uint64_t rounds = number_of("FUZZ_ROUNDS", ROUNDS_DEFAULT), seed = number_of("FUZZ_SEED", 1) + kind;
	int status = 0;
	pid_t pid;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(tally != MAP_FAILED);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		state = seed * 0x9e3779b97f4a7c15ull + 1;
		child_main(kind, rounds);
	}
	/* An isle may stop its proxy (ISLE_CALL_STOP), as a program may stop itself. */
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status))
		kill(pid, SIGCONT);
	/* 90: no filter; 91: memory of the proxy's own was changed; 92: a descriptor of its own was closed. */
	EXPECT_EQ(WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status), 0);
	printf("# %llu calls, %llu isles failed\n", (unsigned long long)tally->calls,
	       (unsigned long long)tally->failed);
	EXPECT(tally->calls > rounds / 10);
	EXPECT(kind != KIND_MIRROR || tally->failed > rounds / 100);
	munmap(tally, sizeof(*tally));
}

TEST(garbage_in_call_slots)
{
	fuzz(KIND_SLOTS);
}

TEST(garbage_in_the_mirror_log)
{
	fuzz(KIND_MIRROR);
}

TEST(garbage_in_the_signal_ring)
{
	fuzz(KIND_SIGNALS);
}

TEST(garbage_anywhere_in_the_window)
{
	fuzz(KIND_BYTES);
}

/* Catches: a filter that stops everything, so that nothing above was tried. */
TEST(calls_pass_the_filter)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(SECONDS_MAX);
		filter_install();
		fake_start(&fake);
		_exit(fake_call(&fake, 0, SYS_getppid, 0, 0, 0, 0, 0, 0) == getppid() ? 0 : 1);
	}
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

int main(void)
{
	return check_main(NULL);
}
