/* SPDX-License-Identifier: MIT */
/*
 * plat.h - where isles come from: one table of functions a platform, one isle a process.
 *
 * run.c calls them in this order: plan, create, load, start, then wait again and again, stop,
 * finish, close. Each returns 0 or -errno with a sentence in isle->why. close is called in any
 * state and leaves nothing behind.
 */
#ifndef PROXY_PLAT_PLAT_H
#define PROXY_PLAT_PLAT_H

#include "config.h"
#include "dev.h"
#include "logtext.h"
#include "plan.h"

#include "serve/serve.h"

#include "placement.h"

#include <stdbool.h>
#include <stdio.h>

struct plat_ops;
struct view_machine;

struct isle {
	const struct plat_ops *ops;
	struct why why;
	uint32_t id;
	struct plan plan;
	bool renumber;         /* its program sees CPUs numbered from 0, in the order of Linux's numbers */
	struct isle_stat stat; /* as finish left it */
	uint64_t window_ipa;   /* as load left it */
	uint64_t mem_size;     /* as create left it, like the next two */
	int mem_fd;            /* isle memory: a file of which ipa 0 is at mem_off */
	uint64_t mem_off;
	struct dev dev;	       /* multi: the open file, which is the isle */
	void *own;	       /* other platforms: what they need, NULL before create */
};

struct plat_ops {
	const char *name;
	uint32_t platform; /* ISLE_PLAT_* */
	bool listed;       /* islectl knows its isles: their logs outlive this process */
	const struct serve_ops *serve; /* how the server of a program's calls reaches it; context is the struct isle */

	/*
	 * Chooses CPUs and memory into isle->plan; takes nothing. -EINVAL: the request makes no
	 * sense.
	 */
	int (*plan)(struct isle *isle, const struct config *config);
	/* What the ranks of a job may be placed in; NULL: there is no reserve, each rank plans for itself. */
	int (*room)(struct isle *isle, struct place_reserve *room);
	/* Takes them. -EBUSY: somebody else was faster, plan again. Sets id. */
	int (*create)(struct isle *isle);
	/*
	 * The isle as its program shall see it (view/view.h): all but program; machine is zeroed. After create. NULL:
	 * it sees Linux's machine.
	 */
	int (*machine)(struct isle *isle, struct view_machine *machine);
	int (*load)(struct isle *isle, const char *image, const char *args);
	/* Moves its descriptors out of a program's way (guard_take). 0 or -errno. */
	int (*guard)(struct isle *isle);
	/* Returns when the isle kernel is up. */
	int (*start)(struct isle *isle, uint32_t timeout_ms);
	/* A file to poll: POLLIN it has something to say, POLLHUP it has ended. */
	int (*poll_fd)(const struct isle *isle);
	/* After POLLIN. */
	int (*events)(struct isle *isle);
	/* Returns when the isle has stopped; now: without asking it. */
	int (*stop)(struct isle *isle, bool now);
	/* Prints what the log has. */
	int (*log)(struct isle *isle, struct logtext *log);
	/* Prints what the log has of errors, for those who did not read it. NULL: it can be read later. */
	void (*errors)(struct isle *isle, FILE *out);
	/* Fills stat. */
	int (*finish)(struct isle *isle);
	/* After finish: says what the run cost, in a line of words or of JSON. NULL: nothing to say. */
	void (*report)(struct isle *isle, FILE *out, bool json);
	void (*close)(struct isle *isle);
};

extern const struct plat_ops plat_multi;
extern const struct plat_ops plat_uhyve;
extern const struct plat_ops plat_qemu;

extern const struct serve_ops serve_multi;
extern const struct serve_ops serve_uhyve;
/* plat_ops.machine of bare cores. */
int machine_multi(struct isle *isle, struct view_machine *machine);

/*
 * The platform that the configuration names, or the best one: multi if the module is loaded and has a reserve,
 * else uhyve if KVM can be used, else qemu if it is installed. *why says why, in words for -v. NULL: the one that was
 * named is not in this version; *why says so.
 */
const struct plat_ops *plat_choose(const struct config *config, struct why *why);

/* Whether /dev/kvm can be used by this process: true, or false with a clause. */
bool uhyve_usable(struct why *why);
/* Whether QEMU is there and its variables make sense: true, or false with a clause. */
bool qemu_usable(struct why *why);

#endif
