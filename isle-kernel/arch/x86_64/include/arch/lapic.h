/* SPDX-License-Identifier: MIT */
/*
 * lapic.h - the local interrupt controller of a core, in the mode (xAPIC or x2APIC) in which it was
 * found.
 */
#ifndef ARCH_LAPIC_H
#define ARCH_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

/* Maps the registers (xAPIC). Once, by row 0, before any other function here. */
void lapic_map(void);
/* Makes this core's ready: own sources masked, nothing pending in service. */
void lapic_setup(void);
/* True when interrupts can be sent. */
bool lapic_ready(void);

/* Sends a fixed interrupt. */
void lapic_send(uint32_t apic_id, uint32_t vector);
/* Sends an NMI. */
void lapic_send_nmi(uint32_t apic_id);
/*
 * Starts a core that waits for it: INIT, then two start-up IPIs at page. For platforms without a
 * loader.
 */
void lapic_start_core(uint32_t apic_id, uint32_t page);

/* End of interrupt. */
void lapic_eoi(void);
/* Leaves the controller as the park entry may find it: nothing in service, own sources masked. */
void lapic_quiesce(void);

#endif
