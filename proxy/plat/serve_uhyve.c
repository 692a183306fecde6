// SPDX-License-Identifier: MIT
/*
 * serve_uhyve.c - how the server of a program's calls sleeps, rings and shares pages on uhyve.
 */
#include "plat.h"

#include "uhyve/uhyve.h"

#include <errno.h>

static int uhyve_wait(void *ctx, uint32_t slot, uint32_t timeout_ms)
{
	return memfd_wait(&vm_of(ctx)->isle, slot, timeout_ms);
}

static int uhyve_ring(void *ctx, uint32_t row)
{
	return vm_ring(vm_of(ctx), row);
}

static int uhyve_pin(void *ctx, uint64_t uva, uint64_t *len, bool write)
{
	return slots_pin(vm_of(ctx), uva, len, write);
}

static int uhyve_unpin(void *ctx, uint64_t uva, uint64_t len)
{
	return slots_unpin(vm_of(ctx), uva, len);
}

static void uhyve_fail(void *ctx, const char *why)
{
	/* Said when the isle has ended, with its other reasons. */
	vm_end(vm_of(ctx), ISLE_LIFE_KILLED, why);
}

const struct serve_ops serve_uhyve = {
	.wait = uhyve_wait,
	.ring = uhyve_ring,
	.pin = uhyve_pin,
	.unpin = uhyve_unpin,
	.fail = uhyve_fail,
};
