/* SPDX-License-Identifier: MIT */
/*
 * mirror.h - tells the proxy where the program's pages are (abi/isle/mirror.h).
 *
 * Entries are collected in kernel memory and published when a call is forwarded. Frames that left a
 * mapping wait here until the proxy cannot reach them any more.
 */
#ifndef KERN_MIRROR_H
#define KERN_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

/*
 * Appends; joins an entry that continues the last one. The address space's lock is held. May
 * forward ISLE_CALL_SYNC.
 */
void mirror_map(isle_uva_t uva, isle_hpa_t hpa, uint64_t size, uint32_t prot);
void mirror_unmap(isle_uva_t uva, uint64_t size);
void mirror_protect(isle_uva_t uva, uint64_t size, uint32_t prot);

/* Frames that the entries so far take away from the program: freed once the proxy has applied them. */
void mirror_release(isle_hpa_t hpa, uint32_t nr);

/* Makes all entries visible to the proxy. Before every submit. */
void mirror_publish(void);

/* Frees what the proxy has let go of; forwards ISLE_CALL_SYNC if force. Returns frames freed. */
uint64_t mirror_reclaim(bool force);

#endif
