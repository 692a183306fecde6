// SPDX-License-Identifier: MIT
/*
 * qemu.c - isles in QEMU: no privilege and no KVM needed.
 *
 * Memory, log and end are those of every isle in a memfd (memfd_isle.h); the doorbell is a socket to one of QEMU's
 * serial ports (abi/isle/qemu.h). One thread reads all that comes: qemu_listen.c.
 */
#include "qemu_priv.h"

#include <isle/qemu.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STOP_MS   5000u   /* after it an isle that was asked to stop is killed */
#define RING_MS   100     /* how long a bell may wait for room in the socket: it is full of other bells then */

static struct qemu *qemu_of(const struct isle *isle)
{
	return isle->own;
}

bool qemu_usable(struct why *why)
{
	struct qemu_wish wish;

	if (qemu_wish_read(&wish, why))
		return false;
	why_say(why, 0, "%.200s is there", wish.path);
	return true;
}

static int qemu_plan(struct isle *isle, const struct config *config)
{
	struct qemu_wish wish;
	int err = qemu_wish_read(&wish, &isle->why);

	if (!err)
		err = memfd_plan(isle, config);
	if (!err && isle->plan.nr_cpus > ISLE_QEMU_MAX_CPUS)
		err = why_say(&isle->why, -EINVAL, "%u CPUs were asked for; an isle in QEMU has at most %u",
			      isle->plan.nr_cpus, ISLE_QEMU_MAX_CPUS);
	return err;
}

static int qemu_create(struct isle *isle)
{
	static const struct memfd_layout layout = {
		.platform = ISLE_PLAT_QEMU,
		.hpa_base = ISLE_QEMU_LOW,
		.hole = ISLE_QEMU_HOLE,
		.hole_end = ISLE_QEMU_HOLE_END,
	};
	static const struct memfd_wish plain = { .thp = true };
	struct qemu *q = calloc(1, sizeof(*q));
	int ends[2], err;

	if (!q)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	q->m.fd = q->bell = q->far_bell = -1;
	q->m.event[0] = q->m.event[1] = -1;
	q->child = (struct qemu_child)QEMU_CHILD_NONE;
	pthread_mutex_init(&q->lock, NULL);
	isle->own = q;
	err = qemu_wish_read(&q->wish, &isle->why);
	if (!err)
		err = memfd_create_isle(&q->m, isle, &layout, &plain);
	if (!err)
		err = qemu_child_prepare(&q->child, &isle->why);
	if (err)
		return err;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return why_say(&isle->why, -errno, "no socket for the doorbell: %s", strerror(errno));
	q->bell = ends[0];
	q->far_bell = ends[1];
	return 0;
}

static int qemu_load(struct isle *isle, const char *image, const char *args)
{
	struct qemu *q = qemu_of(isle);

	q->image = realpath(image, NULL);
	if (!q->image)
		return why_say(&isle->why, -errno, "the isle kernel %.300s cannot be found again: %s", image,
			       strerror(errno));
	return memfd_load(&q->m, isle, image, args, NULL);
}

static int qemu_guard(struct isle *isle)
{
	struct qemu *q = qemu_of(isle);
	int err = memfd_guard(&q->m, isle);

	if (!err)
		err = memfd_fd_guard(&q->bell);
	if (!err)
		err = memfd_fd_guard(&q->child.control);
	if (!err)
		err = memfd_fd_guard(&q->child.words);
	return err;
}

static int listener_start(struct qemu *q, struct isle *isle)
{
	int err = pthread_create(&q->listener, NULL, qemu_listen, q);

	q->listening = !err;
	return err ? why_say(&isle->why, -err, "no thread could be started: %s", strerror(err)) : 0;
}

static void doom_set(struct qemu *q, uint32_t life, const char *why)
{
	pthread_mutex_lock(&q->lock);
	if (!q->doom) {
		q->doom = life;
		snprintf(q->doom_why, sizeof(q->doom_why), "%s", why);
	}
	pthread_mutex_unlock(&q->lock);
	qemu_child_kill(&q->child);
}

/* A machine that did not come up: perhaps because it is no QEMU, or an old one. */
static int start_explain(struct qemu *q, struct isle *isle, int err)
{
	struct why other;

	if (qemu_version_check(q->wish.path, &other)) {
		isle->why = other;
	} else if (q->wish.kvm) {
		other = isle->why;
		why_say(&isle->why, err, "%.400s; not every /dev/kvm can run QEMU: HERMIT_KVM=0 does without it",
			other.text);
	}
	return err;
}

static int qemu_start(struct isle *isle, uint32_t timeout_ms)
{
	struct qemu *q = qemu_of(isle);
	const struct qemu_machine machine = {
		.nr_cpus = q->m.nr_cpus,
		.mem_size = q->m.size,
		.boot_ipa = q->m.at.boot,
		.image = q->image,
	};
	struct qemu_args *args = malloc(sizeof(*args));
	int err;

	if (!args)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	err = qemu_args_build(args, &q->wish, &machine, &isle->why);
	q->m.life = ISLE_LIFE_STARTING;
	q->started = qemu_moment();
	if (!err)
		err = qemu_child_start(&q->child, args->argv, q->m.fd, q->far_bell, &isle->plan.cpus, &isle->why);
	memfd_fd_close(&q->far_bell);
	free(args);
	if (!err)
		err = listener_start(q, isle);
	if (err)
		return err;
	err = memfd_await_up(&q->m, isle, timeout_ms);
	return err ? start_explain(q, isle, err) : 0;
}

static int qemu_machine(struct isle *isle, struct view_machine *machine)
{
	memfd_machine(&qemu_of(isle)->m, machine);
	return 0;
}

static int qemu_poll_fd(const struct isle *isle)
{
	return memfd_poll_fd(&qemu_of(isle)->m);
}

static int qemu_events(struct isle *isle)
{
	return memfd_events(&qemu_of(isle)->m);
}

static int bell_send(struct qemu *q, uint32_t row)
{
	struct pollfd room = { .fd = q->bell, .events = POLLOUT };
	uint8_t byte = (uint8_t)row;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (send(q->bell, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1)
			return 0;
		if (errno != EAGAIN && errno != EINTR)
			return -ESHUTDOWN;
		poll(&room, 1, RING_MS);
	}
	return -EAGAIN;
}

static int qemu_stop(struct isle *isle, bool now)
{
	struct qemu *q = qemu_of(isle);

	if (now) {
		doom_set(q, ISLE_LIFE_KILLED, "it was stopped without being asked");
	} else {
		memfd_request_stop(&q->m);
		bell_send(q, 0);
		if (memfd_await_end(&q->m, STOP_MS))
			doom_set(q, ISLE_LIFE_HUNG, "it did not answer when it was asked to stop");
	}
	return memfd_await_end(&q->m, STOP_MS) ? why_say(&isle->why, -ETIME, "QEMU does not end, though it was killed")
					       : 0;
}

static int qemu_log(struct isle *isle, struct logtext *log)
{
	return memfd_print_log(&qemu_of(isle)->m, isle, log);
}

static int qemu_finish(struct isle *isle)
{
	return memfd_finish(&qemu_of(isle)->m, isle);
}

static void qemu_close(struct isle *isle)
{
	struct qemu *q = qemu_of(isle);

	if (!q)
		return;
	qemu_child_kill(&q->child);
	if (q->listening)
		pthread_join(q->listener, NULL);
	qemu_child_close(&q->child);
	memfd_fd_close(&q->bell);
	memfd_fd_close(&q->far_bell);
	memfd_close(&q->m);
	pthread_mutex_destroy(&q->lock);
	free(q->image);
	free(q);
	isle->own = NULL;
}

static int serve_wait(void *ctx, uint32_t slot, uint32_t timeout_ms)
{
	return memfd_wait(&qemu_of(ctx)->m, slot, timeout_ms);
}

static int serve_ring(void *ctx, uint32_t row)
{
	return bell_send(qemu_of(ctx), row);
}

/* QEMU's memory is what it was when QEMU started: pages of other files cannot become part of it. */
static int serve_pin(void *ctx, uint64_t uva, uint64_t *len, bool write)
{
	(void)ctx;
	(void)uva;
	(void)len;
	(void)write;
	return -ENODEV;
}

static int serve_unpin(void *ctx, uint64_t uva, uint64_t len)
{
	(void)ctx;
	(void)uva;
	(void)len;
	return -ENODEV;
}

static void serve_fail(void *ctx, const char *why)
{
	doom_set(qemu_of(ctx), ISLE_LIFE_KILLED, why);
}

static const struct serve_ops serve_qemu = {
	.wait = serve_wait,
	.ring = serve_ring,
	.pin = serve_pin,
	.unpin = serve_unpin,
	.fail = serve_fail,
};

const struct plat_ops plat_qemu = {
	.name = "qemu",
	.platform = ISLE_PLAT_QEMU,
	.serve = &serve_qemu,
	.plan = qemu_plan,
	.create = qemu_create,
	.machine = qemu_machine,
	.load = qemu_load,
	.guard = qemu_guard,
	.start = qemu_start,
	.poll_fd = qemu_poll_fd,
	.events = qemu_events,
	.stop = qemu_stop,
	.log = qemu_log,
	.finish = qemu_finish,
	.close = qemu_close,
};
