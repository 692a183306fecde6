// SPDX-License-Identifier: MIT
/*
 * spawn.c - a child of the program up to its exec: a Linux process that makes the calls of one slot.
 *
 * The child shares the proxy's memory (CLONE_VM), as a child of vfork shares its parent's: the program's memory is
 * there at the program's addresses, whoever applies the mirror does it for the child too, and no page table is
 * copied. Everything else is its own. It has no thread area, so it runs nothing but this file, on a stack of its
 * own, with bare system calls; the worker that started it stays in charge of the slot, checks every call, and
 * hands it over.
 *
 * Worker and child take turns by one word. Linux clears it when the child lets go of this memory, in exec or at its
 * end however it came (CLONE_CHILD_CLEARTID), so the worker learns of either by the same wait. The child holds no
 * lock, takes none, and dies with the proxy until it is another program (PR_SET_PDEATHSIG).
 */
#include "spawn.h"

#include "bare.h"
#include "serve.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SPAWN_SIZE   (64u << 10)  /* guard page, stack, struct spawn at the end */
#define GUARD_SIZE   4096u
#define LOOK_S       1            /* how often the worker looks itself whether the child is there */
#define NR_SIGNALS   64

enum turn {
	TURN_GONE = 0,    /* written by Linux */
	TURN_WORKER = 1,  /* the call is done, the child waits */
	TURN_CHILD = 2,   /* the child works */
};

struct spawn {
	uint32_t turn;            /* enum turn: gives the fields below to one of the two */
	uint32_t nr;
	uint64_t arg[6];
	int64_t  result;
	uint32_t flags;           /* ISLE_DONE_F_* */
	int      death_signal;    /* what the program asked for by PR_SET_PDEATHSIG */
	pid_t    pid, parent;
	bool     no_new_privs;
	struct limits limits;
};

/* As rt_sigaction has it (asm/signal.h). */
struct kernel_action {
	uint64_t handler, flags, restorer, mask;
};

/* ---- The child: no libc from here ---- */

static void turn_give(struct spawn *spawn, uint32_t turn)
{
	__atomic_store_n(&spawn->turn, turn, __ATOMIC_RELEASE);
	bare4(SYS_futex, (uintptr_t)&spawn->turn, FUTEX_WAKE, 1, 0);
}

static void death_signal_set(uint64_t signo)
{
	bare4(SYS_prctl, PR_SET_PDEATHSIG, signo, 0, 0);
}

/* 0, or -errno: there is no child then. */
static int64_t child_prepare(const struct spawn *spawn)
{
	uint64_t first = (uint64_t)guard_first();
	int64_t err = bare4(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
	uint32_t i;

	if (err)
		return err;
	/* The proxy may have ended before the line above. */
	if (bare4(SYS_getppid, 0, 0, 0, 0) != spawn->parent)
		return -ESRCH;
	if (spawn->no_new_privs)
		bare4(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0);
	/* What is the proxy's ends with an exec anyhow; but the isle must not stay because this child has it open. */
	if (first)
		bare4(SYS_close_range, first, first + GUARD_ROOM - 1, 0, 0);
	for (i = 0; i < LIMITS; i++)
		if (spawn->limits.set >> i & 1)
			bare4(SYS_prlimit64, 0, limits_resource(i), (uintptr_t)&spawn->limits.limit[i], 0);
	return 0;
}

static bool action_fixed(uint64_t signo)
{
	return signo == SIGKILL || signo == SIGSTOP;
}

/* execveat with the signals that the program's child has. Returns only if it failed; the child is as before then. */
static int64_t child_exec(struct spawn *spawn)
{
	const uint64_t *arg = spawn->arg, dirfd = (uint32_t)arg[0], flags = arg[0] >> 32;
	struct kernel_action before[NR_SIGNALS + 1];
	uint64_t mask_before, signo;
	int64_t err;

	for (signo = 1; signo <= NR_SIGNALS; signo++) {
		const struct kernel_action action = {
			.handler = (uintptr_t)(arg[5] >> (signo - 1) & 1 ? SIG_IGN : SIG_DFL),
		};

		if (!action_fixed(signo))
			bare4(SYS_rt_sigaction, signo, (uintptr_t)&action, (uintptr_t)&before[signo], 8);
	}
	death_signal_set((uint64_t)spawn->death_signal);
	bare4(SYS_rt_sigprocmask, SIG_SETMASK, (uintptr_t)&arg[4], (uintptr_t)&mask_before, 8);
	if ((int32_t)dirfd == AT_FDCWD && !flags)
		err = bare4(SYS_execve, arg[1], arg[2], arg[3], 0);
	else
		err = bare_syscall(SYS_execveat, (uint64_t[6]){ dirfd, arg[1], arg[2], arg[3], flags, 0 });
	bare4(SYS_rt_sigprocmask, SIG_SETMASK, (uintptr_t)&mask_before, 0, 8);
	for (signo = 1; signo <= NR_SIGNALS; signo++)
		if (!action_fixed(signo))
			bare4(SYS_rt_sigaction, signo, (uintptr_t)&before[signo], 0, 8);
	death_signal_set(SIGKILL);
	return err;
}

__attribute__((noreturn))
static void child_exit(uint64_t code)
{
	for (;;)
		bare4(SYS_exit_group, code, 0, 0, 0);
}

/* Ends as a wait status says. */
__attribute__((noreturn))
static void child_leave(int status)
{
	static const struct kernel_action by_default;
	static const uint64_t none, no_core[2];
	uint64_t signo = (uint64_t)WTERMSIG(status);

	if (WIFSIGNALED(status)) {
		/* The core file would be the proxy's. */
		bare4(SYS_prlimit64, 0, RLIMIT_CORE, (uintptr_t)no_core, 0);
		bare4(SYS_rt_sigaction, signo, (uintptr_t)&by_default, 0, 8);
		bare4(SYS_rt_sigprocmask, SIG_SETMASK, (uintptr_t)&none, 0, 8);
		bare4(SYS_kill, (uint64_t)bare4(SYS_getpid, 0, 0, 0, 0), signo, 0, 0);
		child_exit(128 + signo);
	}
	child_exit((uint64_t)WEXITSTATUS(status));
}

static bool changes_identity(uint32_t nr)
{
	return nr == SYS_setuid || nr == SYS_setgid || nr == SYS_setreuid || nr == SYS_setregid ||
	       nr == SYS_setresuid || nr == SYS_setresgid || nr == SYS_setfsuid || nr == SYS_setfsgid ||
	       nr == SYS_capset;
}

static int64_t child_call(struct spawn *spawn)
{
	int64_t result;

	if (spawn->nr == ISLE_CALL_EXEC)
		return child_exec(spawn);
	if (spawn->nr == ISLE_CALL_LEAVE)
		child_leave((int)spawn->arg[0]);
	if (spawn->nr == SYS_prctl && spawn->arg[0] == PR_SET_PDEATHSIG) {
		/* For the program that will be; until then this process must not outlive the proxy. */
		if (spawn->arg[1] > NR_SIGNALS)
			return -EINVAL;
		spawn->death_signal = (int)spawn->arg[1];
		return 0;
	}
	result = bare_call(spawn->nr, spawn->arg, &spawn->flags);
	if (changes_identity(spawn->nr))
		death_signal_set(SIGKILL); /* such a change forgets it: prctl(2) */
	return result;
}

static int child_main(void *opaque)
{
	struct spawn *spawn = opaque;

	spawn->result = child_prepare(spawn);
	if (spawn->result)
		child_exit(1);
	for (;;) {
		turn_give(spawn, TURN_WORKER);
		while (__atomic_load_n(&spawn->turn, __ATOMIC_ACQUIRE) == TURN_WORKER)
			bare4(SYS_futex, (uintptr_t)&spawn->turn, FUTEX_WAIT, TURN_WORKER, 0);
		spawn->result = child_call(spawn);
	}
}

/* ---- The worker ---- */

/* Where CLONE_CHILD_CLEARTID does not tell: a child that dumped core, on some kernels. */
static bool has_ended(const struct spawn *spawn)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)spawn->pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL))
		return errno == ECHILD;
	return info.si_pid == spawn->pid;
}

/* Waits for the end of the child's turn. False: it is gone. */
static bool child_await(struct server *server, struct spawn *spawn)
{
	const struct timespec bound = { .tv_sec = LOOK_S };

	for (;;) {
		uint32_t turn = __atomic_load_n(&spawn->turn, __ATOMIC_ACQUIRE);

		if (turn != TURN_CHILD)
			return turn == TURN_WORKER;
		if (syscall(SYS_futex, &spawn->turn, FUTEX_WAIT, TURN_CHILD, &bound) == 0)
			continue;
		if (errno == ETIMEDOUT && has_ended(spawn))
			return false;
		if (errno != EINTR)
			continue;
		/* The call shall be broken off (worker.c): where it is made. */
		if (__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE))
			kill(spawn->pid, SIGKILL);
		else
			syscall(SYS_tgkill, spawn->pid, spawn->pid, worker_signal());
	}
}

static void spawn_free(struct spawn **spawn)
{
	munmap((uint8_t *)(*spawn + 1) - SPAWN_SIZE, SPAWN_SIZE);
	*spawn = NULL;
}

static struct spawn *spawn_alloc(void)
{
	uint8_t *at = mmap(NULL, SPAWN_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	mprotect(at, GUARD_SIZE, PROT_NONE);
	return (struct spawn *)(at + SPAWN_SIZE) - 1;
}

int64_t spawn_begin(struct server *server, struct spawn **spawn_at, const uint64_t arg[6])
{
	int flags = CLONE_VM | CLONE_CHILD_CLEARTID | (int)(arg[1] & CLONE_PIDFD) | (int)arg[0];
	struct spawn *spawn;
	int64_t err;

	/* Others would be sent to the proxy, for which they are no news of a child. */
	if (arg[0] && arg[0] != SIGCHLD)
		return -EINVAL;
	spawn = spawn_alloc();
	if (!spawn)
		return -ENOMEM;
	spawn->turn = TURN_CHILD;
	spawn->parent = getpid();
	spawn->no_new_privs = __atomic_load_n(&server->no_new_privs, __ATOMIC_RELAXED);
	limits_read(server, &spawn->limits);
	/* The stack begins, as the psABI wants it, at a multiple of 16 below the struct. */
	spawn->pid = clone(child_main, (void *)((uintptr_t)spawn & ~15ull), flags, spawn, (void *)(uintptr_t)arg[2],
			   NULL, &spawn->turn);
	if (spawn->pid < 0) {
		err = -errno;
		spawn_free(&spawn);
		return err;
	}
	if (!child_await(server, spawn)) {
		/* Nobody will wait for this one. */
		err = spawn->result ? spawn->result : -EAGAIN;
		waitpid(spawn->pid, NULL, __WALL);
		spawn_free(&spawn);
		return err;
	}
	*spawn_at = spawn;
	return spawn->pid;
}

int64_t spawn_call(struct server *server, struct spawn **spawn_at, uint32_t nr, const uint64_t arg[6],
		   uint32_t *done_flags)
{
	struct spawn *spawn = *spawn_at;
	uint32_t expected = TURN_WORKER;
	unsigned int i;

	spawn->nr = nr;
	for (i = 0; i < 6; i++)
		spawn->arg[i] = arg[i];
	spawn->flags = 0;
	/* Not over a TURN_GONE. */
	if (__atomic_compare_exchange_n(&spawn->turn, &expected, TURN_CHILD, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE)) {
		syscall(SYS_futex, &spawn->turn, FUTEX_WAKE, 1);
		if (child_await(server, spawn)) {
			*done_flags |= spawn->flags;
			return spawn->result;
		}
	}
	*done_flags |= ISLE_DONE_F_GONE;
	spawn_free(spawn_at);
	return -ESRCH;
}

void spawn_end(struct server *server, struct spawn **spawn_at)
{
	struct spawn *spawn = *spawn_at;
	uint32_t expected = TURN_WORKER;

	if (!spawn)
		return;
	/* Its turn, so that its end is waited for; with a call that does nothing, should it begin before that. */
	spawn->nr = SYS_getpid;
	if (__atomic_compare_exchange_n(&spawn->turn, &expected, TURN_CHILD, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE)) {
		kill(spawn->pid, SIGKILL);
		while (__atomic_load_n(&spawn->turn, __ATOMIC_ACQUIRE) == TURN_CHILD && child_await(server, spawn))
			;
	}
	spawn_free(spawn_at);
}
