/* SPDX-License-Identifier: MIT */
/*
 * fake.h - an isle made of a memfd and eventfds, so that the proxy's side of the channel can be tested on Linux.
 */
#ifndef FAKE_H
#define FAKE_H

#include "serve/serve.h"

#define FAKE_MEM   (16u << 20)
#define FAKE_UVA   0x20000000000ull   /* where tests put "program" memory */

struct fake {
	struct server server;
	int mem_fd;
	uint8_t *mem;                 /* isle memory; the window is its first 2 MiB */
	int bell[ISLE_MAX_SLOTS];     /* eventfds, made when first used */
	int core_bell;                /* rung by the proxy */
	int end_bell;                 /* readable once the isle has ended */
	pthread_t reception;
	const char *failed;           /* sentence of ops->fail */
	uint64_t mirror_head;
	uint64_t lost_uva;            /* Linux does not take the page here: ops->dirty of it is EIO; 0: none */
};

void fake_start(struct fake *fake);
void fake_stop(struct fake *fake);
struct isle_slot *fake_slot(struct fake *fake, uint32_t slot);
/* Submits a call and rings as the isle kernel would; does not wait. Returns its number. */
uint32_t fake_submit(struct fake *fake, uint32_t slot, uint32_t nr, const uint64_t arg[6]);
/* Waits until the call is done, at most 10 s; the result. */
int64_t fake_result(struct fake *fake, uint32_t slot, uint32_t number);
/* Both. */
int64_t fake_call(struct fake *fake, uint32_t slot, uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
		  uint64_t a4, uint64_t a5);
/* Appends a mirror entry and publishes it. */
void fake_mirror(struct fake *fake, uint32_t kind, uint64_t uva, uint64_t ipa, uint64_t len, uint32_t prot);

#endif
