// SPDX-License-Identifier: MIT
/*
 * fake.c - plays the isle kernel for the proxy's server, by the rules of abi/isle/call.h.
 */
#include "fake.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int fake_wait(void *ctx, uint32_t slot, uint32_t timeout_ms)
{
	struct fake *fake = ctx;
	struct pollfd fds[2] = {
		{ .fd = fake->bell[slot], .events = POLLIN },
		{ .fd = fake->end_bell, .events = POLLIN },
	};
	uint64_t count;

	if (poll(fds, 2, (int)timeout_ms) < 0)
		return -errno;
	if (fds[1].revents)
		return -ESHUTDOWN;
	if (fds[0].revents && read(fake->bell[slot], &count, sizeof(count)) == sizeof(count))
		return 0;
	return -ETIME;
}

static void bell_ring(int bell)
{
	uint64_t one = 1;

	if (write(bell, &one, sizeof(one)) != sizeof(one))
		abort();
}

static int fake_ring(void *ctx, uint32_t row)
{
	struct fake *fake = ctx;

	(void)row;
	bell_ring(fake->core_bell);
	return 0;
}

static int fake_pin(void *ctx, uint64_t uva, uint64_t *len, bool write)
{
	(void)ctx; (void)uva; (void)len; (void)write;
	return -EOPNOTSUPP;
}

static int fake_unpin(void *ctx, uint64_t uva, uint64_t len)
{
	(void)ctx; (void)uva; (void)len;
	return 0;
}

static int fake_dirty(void *ctx, uint64_t uva, uint64_t len)
{
	const struct fake *fake = ctx;

	return fake->lost_uva && fake->lost_uva >= uva && fake->lost_uva - uva < len ? -EIO : 0;
}

static void fake_fail(void *ctx, const char *why)
{
	struct fake *fake = ctx;

	__atomic_store_n(&fake->failed, why, __ATOMIC_RELEASE);
}

static const struct serve_ops fake_ops = {
	.wait = fake_wait, .ring = fake_ring, .pin = fake_pin, .unpin = fake_unpin, .dirty = fake_dirty,
	.fail = fake_fail,
};

static void *reception_main(void *fake)
{
	worker_signals();
	server_receive(&((struct fake *)fake)->server);
	return NULL;
}

/* As the proxy does with its own: out of the program's reach. */
static int own(int fd)
{
	int high = fd < 0 ? -1 : guard_take(fd);

	if (high < 0)
		abort();
	return high;
}

static int bell_make(void)
{
	return own(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

void fake_start(struct fake *fake)
{
	uint32_t i;

	memset(fake, 0, sizeof(*fake));
	fake->mem_fd = own(memfd_create("isle", MFD_CLOEXEC));
	if (ftruncate(fake->mem_fd, FAKE_MEM))
		abort();
	fake->mem = mmap(NULL, FAKE_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, fake->mem_fd, 0);
	for (i = 0; i < ISLE_MAX_SLOTS; i++)
		fake->bell[i] = i < 8 || i == ISLE_SLOT_RECEPTION ? bell_make() : -1;
	fake->core_bell = bell_make();
	fake->end_bell = bell_make();
	if (server_init(&fake->server, &fake_ops, fake, fake->mem, fake->mem_fd, 0, FAKE_MEM) ||
	    pthread_create(&fake->reception, NULL, reception_main, fake))
		abort();
}

void fake_stop(struct fake *fake)
{
	uint32_t i;

	bell_ring(fake->end_bell);
	pthread_join(fake->reception, NULL);
	server_fini(&fake->server);
	for (i = 0; i < ISLE_MAX_SLOTS; i++)
		if (fake->bell[i] >= 0)
			guard_drop(fake->bell[i]);
	guard_drop(fake->core_bell);
	guard_drop(fake->end_bell);
	munmap(fake->mem, FAKE_MEM);
	guard_drop(fake->mem_fd);
}

struct isle_slot *fake_slot(struct fake *fake, uint32_t slot)
{
	return server_slot(&fake->server, slot);
}

uint32_t fake_submit(struct fake *fake, uint32_t nr_slot, uint32_t nr, const uint64_t arg[6])
{
	struct isle_slot *slot = fake_slot(fake, nr_slot);
	uint32_t number = slot->submit + 1;

	slot->nr = nr;
	memcpy(slot->arg, arg, sizeof(slot->arg));
	__atomic_store_n(&slot->submit, number, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	switch (__atomic_load_n(&slot->armed, __ATOMIC_RELAXED)) {
	case ISLE_SLOT_NO_WORKER:
		bell_ring(fake->bell[ISLE_SLOT_RECEPTION]);
		break;
	case ISLE_SLOT_ARMED:
		bell_ring(fake->bell[nr_slot]);
		break;
	default:
		break;
	}
	return number;
}

int64_t fake_result(struct fake *fake, uint32_t nr_slot, uint32_t number)
{
	struct isle_slot *slot = fake_slot(fake, nr_slot);
	struct timespec nap = { .tv_nsec = 20000 };
	uint32_t i;

	for (i = 0; __atomic_load_n(&slot->done, __ATOMIC_ACQUIRE) != number; i++) {
		if (i > 100000)
			return -ETIME;
		if (i > 1000)
			nanosleep(&nap, NULL);
	}
	return slot->result;
}

int64_t fake_call(struct fake *fake, uint32_t slot, uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
		  uint64_t a4, uint64_t a5)
{
	return fake_result(fake, slot, fake_submit(fake, slot, nr, (uint64_t[6]){ a0, a1, a2, a3, a4, a5 }));
}

void fake_mirror(struct fake *fake, uint32_t kind, uint64_t uva, uint64_t ipa, uint64_t len, uint32_t prot)
{
	struct isle_mirror *mirror = (struct isle_mirror *)(fake->mem + ISLE_WINDOW_MIRROR);

	mirror->entry[fake->mirror_head % ISLE_MIRROR_ENTRIES] =
		(struct isle_mirror_entry){ .uva = uva, .ipa = ipa, .len = len, .prot = prot, .kind = kind };
	__atomic_store_n(&mirror->head, ++fake->mirror_head, __ATOMIC_RELEASE);
}
