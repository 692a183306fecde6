/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * qemu.h - how an isle in QEMU and its proxy find and ring each other.
 *
 * The machine's memory is one small piece of its own, for firmware and the start of the
 * other CPUs, then isle memory: a file that the proxy has too. The proxy loads image, boot page
 * and tables into that file (boot.h) before it starts QEMU; QEMU puts the image there once
 * more and enters it by its PVH note, with the command line "boot=N", N the boot page's ipa
 * in decimal. Without that word the isle kernel is alone and makes a boot page itself.
 *
 * The doorbell is a serial port whose other end is a socket of the proxy. To Linux each byte
 * is one of ISLE_QEMU_BYTE_*. To the isle each byte is the number of a row that is rung: row 0
 * takes the interrupt and passes it on. Bytes may be merged or, when they pile up, be lost while
 * others are on their way; they are hints, the truth is in memory.
 *
 * The time is asked for, because the proxy cannot know when the machine's TSC began: the isle
 * writes its TSC to entry_tsc and sends ISLE_QEMU_BYTE_CLOCK; the proxy fills tsc_khz, tsc_base,
 * realtime_ns and boottime_ns, then sets route (release) to what is not ISLE_ROUTE_NONE.
 */
#ifndef ISLE_QEMU_H
#define ISLE_QEMU_H

#include <isle/types.h>

#define ISLE_QEMU_LOW        ISLE_GRANULE_SIZE  /* bytes below isle memory: ipa 0 is at this address */
#define ISLE_QEMU_HOLE       0xc0000000ull      /* the machine has no memory from here ... */
#define ISLE_QEMU_HOLE_END   0x100000000ull     /* ... to here */

#define ISLE_QEMU_TEXT_PORT  0x3f8u             /* first words, before the log works; all of the log when alone */
#define ISLE_QEMU_BELL_PORT  0x2f8u
#define ISLE_QEMU_BELL_IRQ   3u
#define ISLE_QEMU_EXIT_PORT  0xf4u              /* isa-debug-exit: QEMU ends */

/* Rows are rung by one byte. */
#define ISLE_QEMU_MAX_CPUS   254u

#define ISLE_QEMU_BYTE_BELL  1u                 /* look at isle_boot.bell */
#define ISLE_QEMU_BYTE_CLOCK 2u                 /* tell the time */

#endif
