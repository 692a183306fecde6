/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * signal.h - signals that Linux sent to the proxy, on their way to the program.
 *
 * The proxy blocks every signal it can and takes them with sigwaitinfo; each becomes an
 * entry here, followed by a doorbell to row 0. The isle kernel decides: handler, default
 * action, ignored. If the ring is full the proxy keeps the signal pending on its side.
 */
#ifndef ISLE_SIGNAL_H
#define ISLE_SIGNAL_H

#include <isle/types.h>

#define ISLE_SIGNAL_ENTRIES  16u

struct isle_signal {
	uint32_t signo;
	uint32_t tid;           /* 0: for the process */
	uint8_t  info[128];     /* Linux's siginfo_t */
	uint8_t  reserved[56];
};
ISLE_ASSERT_SIZE(struct isle_signal, 192);

struct isle_signal_ring {
	uint64_t head __attribute__((aligned(64)));  /* proxy */
	uint8_t  reserved0[56];
	uint64_t tail __attribute__((aligned(64)));  /* isle */
	uint8_t  reserved1[56];
	struct isle_signal entry[ISLE_SIGNAL_ENTRIES];
};
ISLE_ASSERT_SIZE(struct isle_signal_ring, 128 + 192 * 16);

#endif
