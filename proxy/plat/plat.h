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

#include <stdbool.h>

struct plat_ops;

struct isle {
	const struct plat_ops *ops;
	struct why why;
	uint32_t id;
	struct plan plan;
	struct isle_stat stat; /* as finish left it */
	uint64_t window_ipa;   /* as load left it */
	uint64_t mem_size;     /* as create left it */
	struct dev dev;	       /* multi: the open file, which is the isle */
};

struct plat_ops {
	const char *name;

	/*
	 * Chooses CPUs and memory into isle->plan; takes nothing. -EINVAL: the request makes no
	 * sense.
	 */
	int (*plan)(struct isle *isle, const struct config *config);
	/* Takes them. -EBUSY: somebody else was faster, plan again. Sets id. */
	int (*create)(struct isle *isle);
	int (*load)(struct isle *isle, const char *image, const char *args);
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
	/* Fills stat. */
	int (*finish)(struct isle *isle);
	void (*close)(struct isle *isle);
};

extern const struct plat_ops plat_multi;

/* How the server of a program's calls reaches the isle; its context is the struct isle. */
extern const struct serve_ops serve_multi;

/* The platform that the configuration names, or the best one. */
const struct plat_ops *plat_choose(const struct config *config);

#endif
