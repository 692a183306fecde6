/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_RESERVE_H
#define ISLE_RESERVE_H

/* Gives everything back to Linux when the module goes. No isle exists. Takes isle_reserve_lock. */
void isle_reserve_drop(void);

#endif
