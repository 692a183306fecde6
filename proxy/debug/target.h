/* SPDX-License-Identifier: MIT */
/*
 * target.h - the program on the isle as something to be stopped, looked at and changed (abi/isle/debug.h).
 *
 * For one thread: requests are made one after the other. Nothing that the isle answers is believed beyond its bounds.
 */
#ifndef DEBUG_TARGET_H
#define DEBUG_TARGET_H

#include "serve/serve.h"

#include <isle/debug.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TARGET_FPU_MAX      ISLE_DEBUG_DATA
#define TARGET_THREADS_MAX  (ISLE_DEBUG_DATA / sizeof(struct isle_debug_thread))
#define TARGET_REGIONS_MAX  (ISLE_DEBUG_DATA / sizeof(struct isle_debug_region))

struct target {
	struct server *server;
	struct isle_debug *block;   /* in the window */
	uint32_t stops;             /* those already seen */
};

/* A stop, as the isle reported it. */
struct target_stop {
	uint32_t tid, signo;        /* signo 0: it was asked to stop */
	bool fatal;
	uint8_t info[128];          /* siginfo_t */
};

void target_init(struct target *target, struct server *server);

/* Each: 0 (or what is said), or -errno: -ETIME the isle does not answer, -ESHUTDOWN it has ended, -EBUSY it runs. */
int target_attach(struct target *target);
int target_detach(struct target *target);
int target_stop(struct target *target);
/* tid 0: all go on; else it takes signo, steps, or goes alone (flags: ISLE_DEBUG_F_STEP, _ONLY). */
int target_continue(struct target *target, uint32_t tid, uint32_t signo, uint32_t flags);
/* Threads; at most TARGET_THREADS_MAX. Their number. */
int target_threads(struct target *target, struct isle_debug_thread *threads);
int target_regs(struct target *target, uint32_t tid, struct isle_debug_regs *regs);
int target_regs_set(struct target *target, uint32_t tid, const struct isle_debug_regs *regs);
/* The area has TARGET_FPU_MAX bytes. Bytes filled: 512 for FXSAVE, more for XSAVE. */
int target_fpu(struct target *target, uint32_t tid, uint8_t *area);
int target_fpu_set(struct target *target, uint32_t tid, const uint8_t *area, uint32_t size);
/* Bytes read, which may be fewer; present: -ENODATA for a page that was never touched. */
int target_read(struct target *target, uint64_t addr, void *to, uint32_t len, bool present);
int target_write(struct target *target, uint64_t addr, const void *from, uint32_t len);
/* Mappings that end behind addr; at most TARGET_REGIONS_MAX. Their number. */
int target_regions(struct target *target, uint64_t addr, struct isle_debug_region *regions);
/* The auxiliary vector, at most ISLE_DEBUG_DATA bytes. Bytes. */
int target_auxv(struct target *target, void *to);

/* True once the program has stopped for the first time; does not count as seeing it. */
bool target_held(const struct target *target);
/* True if the program has stopped since the last call that said so. */
bool target_stopped(struct target *target, struct target_stop *stop);

#endif
