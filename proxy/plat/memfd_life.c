// SPDX-License-Identifier: MIT
/*
 * memfd_life.c - how an isle in a memfd lives: its bells, who waits for them, how it ends.
 *
 * A waiter of a slot sleeps on the slot's own futex word. The handshake of armed and submit (abi/isle/call.h) makes
 * sure that the isle rings after a worker has armed its slot; a bell finds the slots by looking at them, because the
 * reasons do not name them.
 */
#include "memfd_isle.h"

#include <isle/window.h>

#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define UP_DEFAULT_MS  20000u

static bool life_is_end(uint32_t life)
{
	return life >= ISLE_LIFE_STOPPED;
}

static void slot_wake(struct memfd_isle *m, uint32_t slot)
{
	if (__atomic_exchange_n(&m->rung[slot], 1, __ATOMIC_SEQ_CST) == 0)
		syscall(SYS_futex, &m->rung[slot], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Wakes the workers that sleep while their slot has a call. */
static void slots_wake(struct memfd_isle *m)
{
	const struct isle_slot *slots = (const void *)(m->mem + m->at.end + ISLE_WINDOW_SLOTS);
	uint32_t i, high = __atomic_load_n(&m->slots_high, __ATOMIC_ACQUIRE);

	for (i = 0; i < high && i < ISLE_SLOT_RECEPTION; i++)
		if (__atomic_load_n(&slots[i].armed, __ATOMIC_RELAXED) == ISLE_SLOT_ARMED &&
		    __atomic_load_n(&slots[i].submit, __ATOMIC_ACQUIRE) != slots[i].done)
			slot_wake(m, i);
	if (__atomic_load_n(&slots[ISLE_SLOT_RECEPTION].submit, __ATOMIC_ACQUIRE) != slots[ISLE_SLOT_RECEPTION].done)
		slot_wake(m, ISLE_SLOT_RECEPTION);
}

/* The lock is held: the pipe is closed under it. */
static void event_say(struct memfd_isle *m)
{
	/* A full pipe says it already. */
	if (m->event[1] < 0 || write(m->event[1], "", 1) < 0)
		return;
}

static void state_look(struct memfd_isle *m)
{
	uint32_t state = __atomic_load_n(&m->boot->state, __ATOMIC_ACQUIRE);

	if (m->life == ISLE_LIFE_STARTING && state == ISLE_STATE_UP) {
		m->life = ISLE_LIFE_RUNNING;
		pthread_cond_broadcast(&m->changed);
	}
}

void memfd_bell(struct memfd_isle *m)
{
	uint64_t bell = __atomic_exchange_n(&m->boot->bell, 0, __ATOMIC_SEQ_CST);

	if (bell & ISLE_BELL_CALL)
		slots_wake(m);
	__atomic_add_fetch(&m->bells, 1, __ATOMIC_RELAXED);
	if (!(bell & ~ISLE_BELL_CALL))
		return;
	pthread_mutex_lock(&m->lock);
	if (bell & ISLE_BELL_LOG)
		memfd_log_drain(m);
	state_look(m);
	event_say(m);
	pthread_mutex_unlock(&m->lock);
}

int memfd_wait(struct memfd_isle *m, uint32_t slot, uint32_t timeout_ms)
{
	struct timespec bound = { timeout_ms / 1000, timeout_ms % 1000 * 1000000l };
	uint32_t high = __atomic_load_n(&m->slots_high, __ATOMIC_RELAXED);
	int err = 0;

	if (slot >= ISLE_MAX_SLOTS)
		return -EINVAL;
	while (slot < ISLE_SLOT_RECEPTION && slot >= high &&
	       !__atomic_compare_exchange_n(&m->slots_high, &high, slot + 1, false, __ATOMIC_SEQ_CST,
					    __ATOMIC_RELAXED))
		;
	if (__atomic_load_n(&m->ended, __ATOMIC_ACQUIRE))
		return -ESHUTDOWN;
	if (__atomic_exchange_n(&m->rung[slot], 0, __ATOMIC_SEQ_CST) == 0) {
		err = syscall(SYS_futex, &m->rung[slot], FUTEX_WAIT_PRIVATE, 0, timeout_ms ? &bound : NULL, NULL,
			      0) < 0 ? -errno : 0;
		if (__atomic_exchange_n(&m->rung[slot], 0, __ATOMIC_SEQ_CST))
			err = 0;
	}
	if (__atomic_load_n(&m->ended, __ATOMIC_ACQUIRE))
		return -ESHUTDOWN;
	return err == -ETIMEDOUT ? -ETIME : err == -EINTR ? -EINTR : 0;
}

static struct timespec deadline_in(uint32_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

int memfd_await_up(struct memfd_isle *m, struct isle *isle, uint32_t timeout_ms)
{
	uint32_t ms = timeout_ms ? timeout_ms : UP_DEFAULT_MS;
	struct timespec end = deadline_in(ms);
	int err = 0;

	pthread_mutex_lock(&m->lock);
	while (m->life == ISLE_LIFE_STARTING && err != ETIMEDOUT)
		err = pthread_cond_timedwait(&m->changed, &m->lock, &end);
	if (m->life == ISLE_LIFE_STARTING)
		err = why_say(&isle->why, -ETIME, "the isle kernel was not up after %u ms (--start-timeout)", ms);
	/* An isle may be up and have stopped before anybody looks. */
	else if (m->life == ISLE_LIFE_RUNNING || m->life == ISLE_LIFE_STOPPED)
		err = 0;
	else
		err = why_say(&isle->why, -EIO, "the isle kernel did not come up: %s", m->why);
	pthread_mutex_unlock(&m->lock);
	return err;
}

int memfd_await_end(struct memfd_isle *m, uint32_t timeout_ms)
{
	struct timespec end = deadline_in(timeout_ms);
	int err = 0;

	pthread_mutex_lock(&m->lock);
	while (!life_is_end(m->life) && err != ETIMEDOUT)
		err = pthread_cond_timedwait(&m->changed, &m->lock, &end);
	err = life_is_end(m->life) ? 0 : -ETIME;
	pthread_mutex_unlock(&m->lock);
	return err;
}

void memfd_request_stop(struct memfd_isle *m)
{
	__atomic_or_fetch(&m->boot->request, ISLE_REQUEST_STOP, __ATOMIC_SEQ_CST);
}

bool memfd_has_ended(struct memfd_isle *m)
{
	return __atomic_load_n(&m->ended, __ATOMIC_ACQUIRE);
}

/* How an isle ended whose machine did not say anything. The lock is held. */
static uint32_t life_of_state(struct memfd_isle *m)
{
	switch (__atomic_load_n(&m->boot->state, __ATOMIC_ACQUIRE)) {
	case ISLE_STATE_STOPPED:
		return ISLE_LIFE_STOPPED;
	case ISLE_STATE_PANICKED:
		memfd_log_last_error(m, m->why, sizeof(m->why));
		return ISLE_LIFE_PANICKED;
	default:
		snprintf(m->why, sizeof(m->why), "its cores stopped without a word");
		return ISLE_LIFE_HUNG;
	}
}

void memfd_ended(struct memfd_isle *m, uint32_t life, const char *why)
{
	uint32_t i;

	pthread_mutex_lock(&m->lock);
	if (life_is_end(m->life)) {
		pthread_mutex_unlock(&m->lock);
		return;
	}
	memfd_log_drain(m);
	/* An isle that has stopped in order may be taken away. */
	if (life == ISLE_LIFE_KILLED && __atomic_load_n(&m->boot->state, __ATOMIC_ACQUIRE) == ISLE_STATE_STOPPED)
		life = ISLE_LIFE_NONE;
	if (life)
		snprintf(m->why, sizeof(m->why), "%s", why ? why : "");
	m->life = life ? life : life_of_state(m);
	pthread_cond_broadcast(&m->changed);
	memfd_fd_close(&m->event[1]); /* the reader sees POLLHUP */
	pthread_mutex_unlock(&m->lock);
	__atomic_store_n(&m->ended, 1, __ATOMIC_SEQ_CST);
	for (i = 0; i < ISLE_MAX_SLOTS; i++)
		slot_wake(m, i);
}

int memfd_poll_fd(const struct memfd_isle *m)
{
	return m->event[0];
}

int memfd_events(struct memfd_isle *m)
{
	char sink[64];

	while (read(m->event[0], sink, sizeof(sink)) == sizeof(sink))
		;
	return 0;
}

int memfd_finish(struct memfd_isle *m, struct isle *isle)
{
	struct isle_stat *s = &isle->stat;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	pthread_mutex_lock(&m->lock);
	s->isle_id = isle->id;
	s->life = m->life;
	s->exit_code = m->boot->exit_code;
	s->kernel_state = m->boot->state;
	s->owner_pid = (uint32_t)getpid();
	s->owner_uid = getuid();
	s->nr_cpus = m->nr_cpus;
	s->cpus = isle->plan.cpus;
	s->mem_size = m->size;
	for (i = 0; i < isle->plan.nr_mem; i++)
		if (isle->plan.mem[i].node < ISLE_MAX_NODES)
			s->mem_node[isle->plan.mem[i].node] = isle->plan.mem[i].size;
	s->log_end = m->log.begin + m->log.used;
	s->entry_tsc = m->boot->entry_tsc;
	s->first_log_tsc = m->boot->first_log_tsc;
	s->up_tsc = m->boot->up_tsc;
	s->doorbells = m->bells;
	memcpy(s->why, m->why, sizeof(s->why));
	pthread_mutex_unlock(&m->lock);
	return 0;
}
