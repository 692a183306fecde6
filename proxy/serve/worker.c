// SPDX-License-Identifier: MIT
/*
 * worker.c - one thread a call slot: polls for a while, then sleeps, runs what is submitted.
 *
 * The reception (server_receive) is the one thread that always waits: on ISLE_SLOT_RECEPTION. It starts a
 * worker when a slot is used for the first time, and interrupts the worker of a call that the isle wants
 * cancelled. The handshake of armed/submit and asleep/done is described in abi/isle/call.h; each full fence
 * here pairs with one in the isle kernel.
 */
#include "caller.h"
#include "serve.h"
#include "spawn.h"
#include "terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* Longer than most calls take to come in a row, shorter than a time slice. */
#define POLL_DEFAULT_US  20u
/* Looks in a microsecond on current machines, about. */
#define LOOKS_US         200u
#define WAIT_MS          1000u   /* bound of a sleep: a lost bell costs at most this */
#define CANCEL_RETRY_MS  5u

struct worker_arg {
	struct server *server;
	uint32_t slot;
};

int worker_signal(void)
{
	return SIGRTMAX - 1;
}

static void on_interrupt(int signo)
{
	(void)signo; /* only to make the call return with EINTR */
}

void worker_signals(void)
{
	struct sigaction action = { .sa_handler = on_interrupt }; /* no SA_RESTART: the isle decides about that */
	sigset_t set;

	sigemptyset(&action.sa_mask);
	sigaction(worker_signal(), &action, NULL);
	sigfillset(&set);
	sigdelset(&set, worker_signal());
	pthread_sigmask(SIG_SETMASK, &set, NULL);
}

void worker_interrupt(pthread_t thread)
{
	pthread_kill(thread, worker_signal());
}

static bool submitted(const struct isle_slot *slot, uint32_t done)
{
	return __atomic_load_n(&slot->submit, __ATOMIC_ACQUIRE) != done;
}

static void cpu_relax(void)
{
	__builtin_ia32_pause();
}

/* Until a call is there: 0. -ESHUTDOWN when the isle has ended. */
static int call_await(struct server *server, uint32_t nr, struct isle_slot *slot, uint32_t done)
{
	uint32_t i;

	for (;;) {
		for (i = 0; i < server->spin; i++) {
			if (submitted(slot, done))
				return 0;
			cpu_relax();
		}
		__atomic_store_n(&slot->armed, ISLE_SLOT_ARMED, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST); /* pairs with the isle's fence between submit and armed */
		if (!submitted(slot, done)) {
			int err = server->ops->wait(server->ctx, nr, WAIT_MS);

			slot->waits++;
			if (err == -ESHUTDOWN || __atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE))
				return -ESHUTDOWN;
		}
		__atomic_store_n(&slot->armed, ISLE_SLOT_AWAKE, __ATOMIC_RELAXED);
	}
}

static void call_serve(struct server *server, struct isle_slot *slot, struct caller *caller)
{
	uint32_t number = __atomic_load_n(&slot->submit, __ATOMIC_ACQUIRE), nr = slot->nr, flags = 0, row;
	uint64_t arg[6];
	int64_t result;

	memcpy(arg, slot->arg, sizeof(arg));
	caller->scratch.tid = slot->tid;
	result = mirror_apply(server);
	if (result == 0)
		result = call_run(server, caller, nr, arg, &flags);
	slot->result = result;
	slot->flags = flags;
	if (flags & ISLE_DONE_F_NAMED) {
		slot->named = caller->scratch.named;
		memcpy(slot->name, caller->scratch.name, sizeof(slot->name));
	}
	slot->calls++;
	slot->copied = view_copied();
	__atomic_store_n(&slot->done, number, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* pairs with the isle's fence between asleep and done */
	if (__atomic_load_n(&slot->asleep, __ATOMIC_RELAXED)) {
		row = slot->row;
		slot->rings++;
		server->ops->ring(server->ctx, row);
	}
}

static void *worker_main(void *opaque)
{
	struct worker_arg arg = *(struct worker_arg *)opaque;
	struct isle_slot *slot = server_slot(arg.server, arg.slot);
	struct caller caller = { .spawn = NULL };

	free(opaque);
	worker_signals();
	__atomic_store_n(&slot->armed, ISLE_SLOT_AWAKE, __ATOMIC_RELAXED);
	while (call_await(arg.server, arg.slot, slot, slot->done) == 0)
		call_serve(arg.server, slot, &caller);
	spawn_end(arg.server, &caller.spawn);
	free(caller.scratch.report);
	return NULL;
}

static int worker_start(struct server *server, uint32_t slot)
{
	struct worker_arg *arg = malloc(sizeof(*arg));
	pthread_attr_t attr;
	int err;

	if (!arg)
		return -ENOMEM;
	arg->server = server;
	arg->slot = slot;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	err = pthread_create(&server->worker[slot], &attr, worker_main, arg);
	pthread_attr_destroy(&attr);
	if (err) {
		free(arg);
		return -err;
	}
	server->has_worker[slot] = 1;
	return 0;
}

/* Starts missing workers, interrupts cancelled calls. True if a cancelled call is still in work. */
static bool slots_review(struct server *server)
{
	bool again = false;
	uint32_t i;

	pthread_mutex_lock(&server->workers_lock);
	for (i = 0; i < ISLE_SLOT_RECEPTION; i++) {
		struct isle_slot *slot = server_slot(server, i);
		uint32_t submit = __atomic_load_n(&slot->submit, __ATOMIC_ACQUIRE);

		if (submit == slot->done)
			continue;
		if (!server->has_worker[i]) {
			if (worker_start(server, i))
				server_fail(server, "no thread could be started for one of the program's: too many "
						    "processes (ulimit -u), or no memory");
		} else if (__atomic_load_n(&slot->cancel, __ATOMIC_ACQUIRE) == submit) {
			/* The signal may come just before the call: so again until it has ended. */
			pthread_kill(server->worker[i], worker_signal());
			again = true;
		}
	}
	pthread_mutex_unlock(&server->workers_lock);
	return again;
}

void server_receive(struct server *server)
{
	struct isle_slot *reception = server_slot(server, ISLE_SLOT_RECEPTION);
	bool again = false;

	for (;;) {
		int err = server->ops->wait(server->ctx, ISLE_SLOT_RECEPTION, again ? CANCEL_RETRY_MS : WAIT_MS);

		if (err == -ESHUTDOWN || __atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE))
			return;
		/* Seen before the review, so that a ring during it is not lost. */
		reception->done = __atomic_load_n(&reception->submit, __ATOMIC_ACQUIRE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		again = slots_review(server);
	}
}

void server_poll(struct server *server, uint32_t us)
{
	server->spin = us * LOOKS_US;
}

void server_fail(struct server *server, const char *why)
{
	if (!__atomic_exchange_n(&server->failed, true, __ATOMIC_ACQ_REL))
		server->ops->fail(server->ctx, why);
}

int server_init(struct server *server, const struct serve_ops *ops, void *ctx, uint8_t *window, int mem_fd,
		uint64_t mem_off, uint64_t mem_size)
{
	memset(server, 0, sizeof(*server));
	server->linear = mmap(NULL, mem_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, mem_fd,
			      (off_t)mem_off);
	if (server->linear == MAP_FAILED)
		return -errno;
	server->ops = ops;
	server->ctx = ctx;
	server->window = window;
	server->mem_fd = mem_fd;
	server->mem_off = mem_off;
	server->mem_size = mem_size;
	server_poll(server, POLL_DEFAULT_US);
	server->terminal = terminal_there();
	pthread_mutex_init(&server->mirror_lock, NULL);
	pthread_mutex_init(&server->workers_lock, NULL);
	pthread_mutex_init(&server->limits_lock, NULL);
	return 0;
}

void server_fini(struct server *server)
{
	struct timespec nap = { .tv_nsec = 1000000 };
	uint32_t i;

	__atomic_store_n(&server->stopping, true, __ATOMIC_RELEASE);
	for (i = 0; i < ISLE_MAX_SLOTS; i++) {
		if (!server->has_worker[i])
			continue;
		/* A worker may be in a call that blocks for ever; it leaves it with EINTR and sees stopping. */
		while (pthread_tryjoin_np(server->worker[i], NULL) == EBUSY) {
			pthread_kill(server->worker[i], worker_signal());
			nanosleep(&nap, NULL);
		}
		server->has_worker[i] = 0;
	}
	munmap(server->linear, server->mem_size);
	pthread_mutex_destroy(&server->mirror_lock);
	pthread_mutex_destroy(&server->workers_lock);
	pthread_mutex_destroy(&server->limits_lock);
}
