/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_MODULE_PIN_H
#define ISLE_MODULE_PIN_H

#include <isle/pin.h>

struct isle;
struct isle_call;
struct isle_pin;

/* ISLE_IOC_PIN, _DIRTY and _UNPIN; take pin_lock. */
long isle_pin_add(struct isle_call *call, struct isle_pin *pin);
long isle_pin_dirty(struct isle_call *call, struct isle_pin *pin);
long isle_pin_remove(struct isle_call *call, struct isle_pin *pin);

/* Unpins everything. No core of the isle may run any more. Takes pin_lock. */
void isle_pin_drop_all(struct isle *isle);

#endif
