/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_LAPIC_H
#define ISLE_LAPIC_H

#include <linux/types.h>

/* Maps the registers (xAPIC) or finds out that MSRs are used (x2APIC). -ENODEV: no local APIC. */
int isle_lapic_init(void);
void isle_lapic_exit(void);

bool isle_lapic_is_x2apic(void);
/* Physical address of the registers; the same on every core. */
u64 isle_lapic_hpa(void);

/* All may be called with interrupts off and in a panic; none sleeps. */
void isle_lapic_send_fixed(u32 apic_id, u8 vector);
void isle_lapic_send_init(u32 apic_id);
/* Ends the INIT level; only processors older than any we know need it, Linux sends it too. */
void isle_lapic_end_init(u32 apic_id);
/* Starts a core that waits after INIT, in real mode at page << 12. */
void isle_lapic_send_startup(u32 apic_id, u8 page);

/* INIT interrupts sent since the module was loaded. */
u64 isle_lapic_inits(void);

#endif
