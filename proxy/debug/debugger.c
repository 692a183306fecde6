// SPDX-License-Identifier: MIT
/*
 * debugger.c - one thread of the proxy: accepts one gdb at a time on the loopback interface, and writes the core
 * file.
 */
#include "debugger.h"

#include "core.h"
#include "stub.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS  20

static int port_bind(unsigned int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, err;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static int listener_open(struct debugger *debugger, uint32_t port, struct why *why)
{
	unsigned int first = port ? port : DEBUGGER_PORT, nr = port ? 1 : DEBUGGER_PORTS, i;
	int fd = -1;

	for (i = 0; i < nr; i++) {
		fd = port_bind(first + i);
		if (fd != -EADDRINUSE)
			break;
	}
	if (fd < 0 && port)
		return why_say(why, fd, "port %u, which HERMIT_GDB_PORT names, cannot be used: %s; without it the "
			       "first free one from %u is taken", port, strerror(-fd), DEBUGGER_PORT);
	if (fd < 0)
		return why_say(why, fd, "no port for a debugger: %u to %u on 127.0.0.1: %s", DEBUGGER_PORT,
			       DEBUGGER_PORT + DEBUGGER_PORTS - 1, strerror(-fd));
	debugger->port = first + i;
	debugger->listener = guard_take(fd);
	if (debugger->listener < 0)
		return why_say(why, debugger->listener, "no descriptor for a debugger's port: %s",
			       strerror(-debugger->listener));
	return 0;
}

int debugger_open(struct debugger *debugger, enum debugger_mode mode, uint32_t port, const char *program,
		  struct server *server, struct why *why)
{
	struct rlimit limit;
	int err = 0;

	*debugger = (struct debugger){ .mode = mode, .program = program, .listener = -1 };
	/* gdb wants it from the root. */
	if (realpath(program, debugger->path))
		debugger->program = debugger->path;
	debugger->core = getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur > 0;
	target_init(&debugger->target, server);
	if (mode != DEBUGGER_OFF)
		err = listener_open(debugger, port, why);
	if (err)
		return err;
	debugger->target.block->wanted = (mode == DEBUGGER_WAIT ? ISLE_DEBUG_F_HOLD : 0u) |
					 (debugger->core ? ISLE_DEBUG_F_CORE : 0u);
	return 0;
}

static void core_leave(struct debugger *debugger, const struct target_stop *stop)
{
	struct rlimit limit = { .rlim_cur = 0 };
	char path[64];
	int err;

	getrlimit(RLIMIT_CORE, &limit);
	snprintf(path, sizeof(path), "core.%d", (int)getpid());
	err = core_write(&debugger->target, stop, path, debugger->program, limit.rlim_cur);
	if (err)
		fprintf(stderr, "isle-run: no core file %s: %s\n", path,
			err == -EFBIG ? "it would be larger than `ulimit -c' allows" : strerror(-err));
	else
		fprintf(stderr, "isle-run: core file: %s\n", path);
	target_continue(&debugger->target, stop->tid, 0, 0);
}

static void session(struct debugger *debugger, bool held)
{
	int low = accept4(debugger->listener, NULL, NULL, SOCK_CLOEXEC), one = 1;
	int fd = low < 0 ? low : guard_take(low);
	struct stub *stub = calloc(1, sizeof(*stub));

	if (low >= 0 && fd < 0)
		close(low);
	if (fd >= 0 && stub) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		stub->target = &debugger->target;
		stub->program = debugger->program;
		stub->ended = &debugger->ended;
		stub->status = &debugger->status;
		stub_serve(stub, fd, held);
	}
	if (fd >= 0)
		guard_drop(fd);
	free(stub);
}

/* gdb has no patience: it is told of the port when it will be answered. */
static void port_announce(struct debugger *debugger)
{
	bool held = debugger->mode == DEBUGGER_WAIT;

	if (debugger->mode == DEBUGGER_OFF)
		return;
	while (held && !target_held(&debugger->target) && !__atomic_load_n(&debugger->ended, __ATOMIC_ACQUIRE))
		nanosleep(&(struct timespec){ .tv_nsec = LOOK_MS * 1000000 }, NULL);
	fprintf(stderr, "isle-run: gdb can come now: gdb -ex 'target remote :%u' %s%s\n", debugger->port,
		debugger->program, held ? " (the program waits for it)" : "");
}

static void *debugger_main(void *opaque)
{
	struct debugger *debugger = opaque;
	bool held = debugger->mode == DEBUGGER_WAIT;
	struct target_stop stop;

	port_announce(debugger);
	while (!__atomic_load_n(&debugger->ended, __ATOMIC_ACQUIRE)) {
		struct pollfd listener = { .fd = debugger->listener, .events = POLLIN };

		if (poll(&listener, 1, LOOK_MS) > 0) {
			session(debugger, held);
			held = false;
		} else if (!held && target_stopped(&debugger->target, &stop) && stop.fatal) {
			core_leave(debugger, &stop);
		}
	}
	return NULL;
}

int debugger_start(struct debugger *debugger)
{
	int err = 0;

	if (debugger->mode != DEBUGGER_OFF || debugger->core)
		err = pthread_create(&debugger->thread, NULL, debugger_main, debugger);
	debugger->running = (debugger->mode != DEBUGGER_OFF || debugger->core) && !err;
	return -err;
}

void debugger_end(struct debugger *debugger, int status)
{
	if (debugger->running) {
		debugger->status = status;
		__atomic_store_n(&debugger->ended, true, __ATOMIC_RELEASE);
		pthread_join(debugger->thread, NULL);
		debugger->running = false;
	}
	if (debugger->listener >= 0)
		guard_drop(debugger->listener);
	debugger->listener = -1;
}
