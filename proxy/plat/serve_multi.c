/* SPDX-License-Identifier: MIT */
/*
 * serve_multi.c - how the server of a program's calls sleeps, rings and pins on bare cores: commands of the
 * device.
 */
#include "plat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Straight to the device: struct dev's sentence is for one thread, and workers are many. */
static int command(const struct isle *isle, unsigned long cmd, void *arg)
{
	return ioctl(isle->dev.fd, cmd, arg) < 0 ? -errno : 0;
}

static int multi_wait(void *ctx, uint32_t slot, uint32_t timeout_ms)
{
	struct isle_wait wait = { .slot = slot, .timeout_ms = timeout_ms };

	return command(ctx, ISLE_IOC_WAIT, &wait);
}

/* An isle that has ended meanwhile need not be rung. */
static int multi_ring(void *ctx, uint32_t row)
{
	struct isle_ring ring = { .cpu = row };

	return command(ctx, ISLE_IOC_RING, &ring);
}

static int multi_pin(void *ctx, uint64_t uva, uint64_t *len, bool write)
{
	struct isle_pin pin = { .uva = uva, .len = *len, .flags = write ? ISLE_PIN_F_WRITE : 0 };
	int err = command(ctx, ISLE_IOC_PIN, &pin);

	if (!err)
		*len = pin.len;
	return err;
}

static int multi_unpin(void *ctx, uint64_t uva, uint64_t len)
{
	struct isle_pin pin = { .uva = uva, .len = len };

	return command(ctx, ISLE_IOC_UNPIN, &pin);
}

static int multi_dirty(void *ctx, uint64_t uva, uint64_t len)
{
	struct isle_pin pin = { .uva = uva, .len = len };

	return command(ctx, ISLE_IOC_DIRTY, &pin);
}

static void multi_fail(void *ctx, const char *why)
{
	struct isle_stop stop = { .flags = ISLE_STOP_F_NOW };

	fprintf(stderr, "isle-run: %s\n", why);
	command(ctx, ISLE_IOC_STOP, &stop);
}

const struct serve_ops serve_multi = {
	.wait = multi_wait,
	.ring = multi_ring,
	.pin = multi_pin,
	.unpin = multi_unpin,
	.dirty = multi_dirty,
	.fail = multi_fail,
};
