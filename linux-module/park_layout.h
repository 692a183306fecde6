/* SPDX-License-Identifier: GPL-2.0 */
/*
 * park_layout.h - where things lie in the park pages; numbers for C and assembler.
 *
 * ISLE_PARK_VA (abi/isle/boot.h) + 0x0000  code, read-only and executable
 *                                + 0x1000  interrupt descriptor table, read-only
 *                                + 0x2000  local APIC (xAPIC), in the park's own tables only
 *                               + 0x10000  one data page a core: mailbox, GDT, TSS, stacks
 */
#ifndef ISLE_PARK_LAYOUT_H
#define ISLE_PARK_LAYOUT_H

#define PARK_VA            0xffffffffc0000000
#define PARK_IDT_OFF       0x1000
#define PARK_LAPIC_OFF     0x2000
#define PARK_DATA_OFF      0x10000
#define PARK_FIRST_PAGE    16     /* PARK_DATA_OFF in pages */
#define PARK_SLOTS         1008   /* data pages in the two page tables behind PARK_VA */

/* Of a data page; the first part is struct park_mailbox. */
#define MAILBOX_STATE      0x04
#define MAILBOX_REQUEST    0x08
#define MAILBOX_CR3        0x10
#define MAILBOX_ENTRY      0x18
#define MAILBOX_ARG        0x20
#define MAILBOX_TAKEN      0x40
#define MAILBOX_ARRIVALS   0x48
#define MAILBOX_INTERRUPTS 0x50
#define MAILBOX_NMIS       0x58
#define MAILBOX_MCHECKS    0x60
#define MAILBOX_VECTOR     0x80
#define MAILBOX_ERROR      0x88
#define MAILBOX_RIP        0x90
#define MAILBOX_CR2        0x98
#define PARK_GDT           0x200  /* null, code, data, TSS (two words) */
#define PARK_GDT_LIMIT     39
#define PARK_TSS           0x240
#define PARK_TSS_LIMIT     103
#define PARK_IST_FAULT     0x800  /* tops of the stacks: exceptions, */
#define PARK_IST_NMI       0xa00  /* NMI, */
#define PARK_IST_MCHECK    0xc00  /* machine check; the loop's own is the page's end */

#define PARK_CS            0x08
#define PARK_DS            0x10
#define PARK_TR            0x18

/* park_mailbox.state, written by the core. */
#define PARK_STATE_NONE    0
#define PARK_STATE_PARKED  1      /* in the park loop */
#define PARK_STATE_LEFT    2      /* took a request with an entry point */
#define PARK_STATE_FAULT   3      /* an exception under the park's tables: halted for good */

#endif
