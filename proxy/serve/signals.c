// SPDX-License-Identifier: MIT
/*
 * signals.c - signals from Linux to the program, and the program's end to Linux.
 *
 * All signals are blocked in all threads of the proxy; one thread takes them with sigtimedwait, puts them into the
 * window's ring and rings the isle's first core. What they do (handler, default action, nothing) the isle kernel
 * decides. SIGKILL and SIGSTOP cannot be taken and need not be: the module reaps the isle of a killed proxy.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <isle/signal.h>

#define TAKE_NS       200000000  /* how often the thread looks whether it shall end */
#define FULL_WAIT_NS  1000000

#define LEAVE_NAP_NS  50000
#define LEAVE_NAPS    20000      /* a second */

/*
 * Sent to who takes signals, with the server's address, so that it looks at server->left. A program may use the same
 * number: it is always taken, and passed on if it does not say that it is the kick.
 */
static int kick_signal(void)
{
	return SIGRTMAX - 1;
}

static void passed_set(sigset_t *set)
{
	sigfillset(set);
}

void signals_block(void)
{
	sigset_t set;

	passed_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* False if the ring stayed full until the server stops. */
static bool ring_put(struct server *server, const siginfo_t *info)
{
	struct isle_signal_ring *ring = (struct isle_signal_ring *)(server->window + ISLE_WINDOW_SIGNALS);
	uint64_t head = ring->head;
	struct isle_signal *entry = &ring->entry[head % ISLE_SIGNAL_ENTRIES];

	/* A tail that lies gives at most a wrong "full"; the index is always ours. */
	while (head - __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) >= ISLE_SIGNAL_ENTRIES) {
		if (__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE))
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = FULL_WAIT_NS }, NULL);
	}
	memset(entry, 0, sizeof(*entry));
	entry->signo = (uint32_t)info->si_signo;
	memcpy(entry->info, info, sizeof(entry->info) < sizeof(*info) ? sizeof(entry->info) : sizeof(*info));
	__atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
	return true;
}

/* What is to be taken now, and says that it was seen. */
static void taken_set(struct server *server, sigset_t *set)
{
	uint32_t asked = __atomic_load_n(&server->left_asked, __ATOMIC_ACQUIRE);
	uint64_t left = __atomic_load_n(&server->left, __ATOMIC_ACQUIRE);
	int signo;

	passed_set(set);
	for (signo = 1; signo <= 64; signo++)
		if (left >> (signo - 1) & 1)
			sigdelset(set, signo);
	sigaddset(set, kick_signal());
	__atomic_store_n(&server->left_seen, asked, __ATOMIC_RELEASE);
}

int signals_leave(struct server *server, uint64_t mask)
{
	uint32_t asked;
	int naps;

	if (!__atomic_load_n(&server->has_signals, __ATOMIC_ACQUIRE))
		return -ETIME;
	__atomic_store_n(&server->left, mask, __ATOMIC_RELEASE);
	asked = __atomic_add_fetch(&server->left_asked, 1, __ATOMIC_ACQ_REL);
	pthread_sigqueue(server->signals, kick_signal(), (union sigval){ .sival_ptr = server });
	for (naps = 0; naps < LEAVE_NAPS; naps++) {
		if ((int32_t)(__atomic_load_n(&server->left_seen, __ATOMIC_ACQUIRE) - asked) >= 0)
			return 0;
		nanosleep(&(struct timespec){ .tv_nsec = LEAVE_NAP_NS }, NULL);
	}
	return -ETIME;
}

int signals_stop(int signo)
{
	sigset_t set, old;

	if (signo != SIGSTOP && signo != SIGTSTP && signo != SIGTTIN && signo != SIGTTOU)
		return -EINVAL;
	sigemptyset(&set);
	sigaddset(&set, signo);
	/* Taken by this thread at once: its default action stops them all. */
	raise(signo);
	pthread_sigmask(SIG_UNBLOCK, &set, &old);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return 0;
}

void signals_pass(struct server *server)
{
	struct timespec bound = { .tv_nsec = TAKE_NS };
	siginfo_t info;
	sigset_t set;

	server->signals = pthread_self();
	__atomic_store_n(&server->has_signals, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE)) {
		taken_set(server, &set);
		if (sigtimedwait(&set, &info, &bound) < 0)
			continue; /* EAGAIN: nothing; EINTR: look again */
		if (info.si_signo == kick_signal() && info.si_code == SI_QUEUE && info.si_ptr == server)
			continue;
		if (!ring_put(server, &info))
			return;
		server->ops->ring(server->ctx, 0);
	}
}

void signals_end(int wait_status)
{
	struct rlimit no_core = { 0, 0 };
	sigset_t set;

	if (WIFSIGNALED(wait_status)) {
		int signo = WTERMSIG(wait_status);

		/* The core file would be the proxy's, not the program's. */
		setrlimit(RLIMIT_CORE, &no_core);
		signal(signo, SIG_DFL);
		sigemptyset(&set);
		sigaddset(&set, signo);
		raise(signo);
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
		/* Only a signal that does not end processes gets here. */
		_exit(128 + signo);
	}
	_exit(WEXITSTATUS(wait_status));
}
