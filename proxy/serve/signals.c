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

static void passed_set(sigset_t *set)
{
	sigfillset(set);
	sigdelset(set, SIGTSTP);
	sigdelset(set, SIGTTIN);
	sigdelset(set, SIGTTOU);
	sigdelset(set, SIGCONT);
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

void signals_pass(struct server *server)
{
	struct timespec bound = { .tv_nsec = TAKE_NS };
	siginfo_t info;
	sigset_t set;

	passed_set(&set);
	while (!__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE)) {
		if (sigtimedwait(&set, &info, &bound) < 0)
			continue; /* EAGAIN: nothing; EINTR: look again */
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
