/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * pin.h - pages of Linux that an isle maps: shared file mappings.
 *
 * The isle kernel needs physical addresses, the proxy must not choose them. So the isle
 * kernel asks the proxy (ISLE_CALL_PIN), the proxy asks the module (ISLE_IOC_PIN), and the
 * module pins what the caller has mapped there and writes the pages' addresses here, in the
 * private area. The isle kernel has one such request at a time (its pin lock) and checks
 * uva and len against what it asked.
 */
#ifndef ISLE_PIN_H
#define ISLE_PIN_H

#include <isle/types.h>

struct isle_pin_run {
	isle_hpa_t hpa;
	uint64_t   pages;       /* physically contiguous pages of 4 KiB */
};
ISLE_ASSERT_SIZE(struct isle_pin_run, 16);

#define ISLE_PIN_RUNS     1020u
#define ISLE_PIN_TABLE    (16u << 10)

struct isle_pins {
	uint64_t sequence;      /* incremented by the module when the table is complete */
	isle_uva_t uva;
	uint64_t len;           /* bytes covered by the runs */
	uint32_t nr_runs;
	uint32_t writable;
	struct isle_pin_run run[ISLE_PIN_RUNS];
	uint8_t  reserved[32];
};
ISLE_ASSERT_SIZE(struct isle_pins, ISLE_PIN_TABLE);

#endif
