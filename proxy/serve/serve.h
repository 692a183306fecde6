/* SPDX-License-Identifier: MIT */
/*
 * serve.h - the proxy's side of a program's calls: slots, mirror, what may be run.
 *
 * A server has the window and isle memory of one isle and serves its call slots, one worker thread a slot.
 * How a worker sleeps and how the isle is rung depends on the platform (struct serve_ops). Nothing the isle
 * wrote is trusted: a bad entry ends the isle through ops->fail, never the proxy.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include <isle/call.h>
#include <isle/mirror.h>
#include <isle/window.h>

struct server;
struct view;
struct view_scratch;

struct serve_ops {
	/* Sleeps until the isle rings the slot; 0, -ETIME, -EINTR, or -ESHUTDOWN when the isle has ended. */
	int (*wait)(void *ctx, uint32_t slot, uint32_t timeout_ms);
	/* Rings a core of the isle. */
	int (*ring)(void *ctx, uint32_t row);
	/* As ISLE_IOC_PIN and ISLE_IOC_UNPIN; -EOPNOTSUPP where the platform cannot. */
	int (*pin)(void *ctx, uint64_t uva, uint64_t *len, bool write);
	int (*unpin)(void *ctx, uint64_t uva, uint64_t len);
	/* As ISLE_IOC_DIRTY; NULL where Linux learns by itself of what the isle writes. */
	int (*dirty)(void *ctx, uint64_t uva, uint64_t len);
	/* The isle cannot go on: end it. Called once (server_fail); the sentence is a literal. */
	void (*fail)(void *ctx, const char *why);
};

/* Limits that the program has set and the proxy does not have (limits.c). */
#define LIMITS  3u
struct limits {
	struct rlimit limit[LIMITS];
	uint32_t set;             /* bit i: limit[i] is one */
};

struct server {
	const struct serve_ops *ops;
	void     *ctx;
	uint8_t  *window;         /* ISLE_WINDOW_SIZE bytes */
	int       mem_fd;
	uint64_t  mem_off;        /* mmap offset of ipa 0 */
	uint64_t  mem_size;
	uint32_t  spin;           /* polls before a worker sleeps */
	uint8_t  *linear;         /* isle memory as a whole, for calls that name memory by ipa */
	struct view *view;        /* what the program sees of the machine; NULL: Linux's own */

	pthread_mutex_t mirror_lock; /* guards mirror_tail and the order in which entries are applied */
	uint64_t  mirror_tail;

	pthread_mutex_t workers_lock; /* guards worker[] */
	pthread_t worker[ISLE_MAX_SLOTS];
	uint8_t   has_worker[ISLE_MAX_SLOTS];
	bool      stopping;
	bool      failed;         /* ops->fail was called (atomic) */

	pthread_mutex_t limits_lock; /* guards limits */
	struct limits limits;

	bool      shares;         /* the program has had shared mappings (atomic) */
	bool      terminal;       /* this process has a controlling terminal */
	bool      no_new_privs;   /* the program has asked for it: its children must have it (atomic) */
	pthread_t signals;         /* who takes signals, once there is one */
	bool      has_signals;
	uint64_t  left;            /* signals that are not taken: for the program's signalfds (atomic) */
	uint32_t  left_asked, left_seen; /* changes of left: made, and seen by who takes signals (atomic) */
};

/* Lets workers look for calls about this many microseconds before they sleep. Before the first worker starts. */
void server_poll(struct server *server, uint32_t us);

/* Prepares a server. The window must be mapped and the isle not started. 0 or -errno. */
int server_init(struct server *server, const struct serve_ops *ops, void *ctx, uint8_t *window, int mem_fd,
		uint64_t mem_off, uint64_t mem_size);
/* The reception: starts workers for slots that ask for one, interrupts cancelled calls, until the isle has ended. */
void server_receive(struct server *server);
/* Ends all workers; calls in work are interrupted. The isle must have ended. */
void server_fini(struct server *server);

/* Ends the isle and says why, the first time; later reasons are consequences of the first. */
void server_fail(struct server *server, const char *why);

static inline struct isle_slot *server_slot(struct server *server, uint32_t slot)
{
	return (struct isle_slot *)(server->window + ISLE_WINDOW_SLOTS) + slot;
}

/*
 * Applies all mirror entries that are published. 0, or -EPROTO when an entry is bad (the isle is being ended
 * then). Thread-safe.
 */
int mirror_apply(struct server *server);

struct caller;

/*
 * Runs one call: Linux's (if the table lets an isle forward it and all pointers are the program's) or
 * ISLE_CALL_*. Returns what the kernel returns: a result or -errno. done_flags gets ISLE_DONE_F_*. caller is the
 * calling worker's own.
 */
int64_t call_run(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6],
		 uint32_t *done_flags);

#define GUARD_ROOM  512   /* descriptors that the proxy may own, from guard_first() on */

/*
 * Moves a descriptor of the proxy's own out of the program's way and reach. Returns the new number, or -errno and the
 * descriptor stays where it is.
 */
int guard_take(int fd);
/* A second one of the program's descriptor, of the proxy's own. No number of the program's is used on the way. */
int guard_dup(int fd);
/* Sets the program's limit of descriptors; the proxy can have more. 0 or -errno. */
int guard_limit(const struct rlimit *limit);
/* True if fd is one of the proxy's own. */
bool guard_owns(int fd);
/* Closes one of the proxy's own. */
void guard_drop(int fd);
/* The lowest number that may be the proxy's own; 0 if it has none. */
int guard_first(void);

/* prlimit64 of the program: true if *result is the answer, false: Linux's is. */
bool limits_call(struct server *server, const uint64_t arg[6], int64_t *result);
/* What a child of the program must have, in the order of limits_resource() (RLIMIT_*). */
void limits_read(struct server *server, struct limits *limits);
uint32_t limits_resource(uint32_t i);

/*
 * Leaves these signals (bit n - 1 for signal n) pending in the process; when it returns no other has been missed and
 * none of these will be taken. -ETIME if nobody takes signals.
 */
int signals_leave(struct server *server, uint64_t mask);
/* Stops the process by a stop signal; returns when it goes on. 0, -EINVAL for other signals. */
int signals_stop(int signo);

/* Makes the calling thread interruptible by worker_signal() only. */
void worker_signals(void);
/* Interrupts a call (or whatever else it sleeps in) of such a thread. */
void worker_interrupt(pthread_t thread);
/* The signal that breaks off a call in work. */
int worker_signal(void);

#endif
