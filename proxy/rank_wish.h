/* SPDX-License-Identifier: MIT */
/*
 * rank_wish.h - what a rank asks of the reserve, from options, variables and the launcher's binding.
 */
#ifndef PROXY_RANK_WISH_H
#define PROXY_RANK_WISH_H

#include "config.h"

#include "launcher.h"
#include "placement.h"

struct rank_wish {
	struct place_ask ask;  /* but for ranks */
	uint64_t bound;        /* nodes that the launcher bound the rank to; 0: it did not choose */
};

/*
 * In a job HERMIT_CPUS is a number of CPUs a rank, or a list that the ranks which name it share; HERMIT_MEM
 * is a size a rank. 0, or -EINVAL with a sentence.
 */
int rank_wish_read(const struct config *config, const struct job *job, struct rank_wish *wish, struct why *why);

/*
 * What is asked of this reserve: a rank that was bound to some nodes gets its isle there, if the reserve has
 * any CPUs there. Pure.
 */
struct place_ask rank_wish_ask(const struct rank_wish *wish, const struct place_reserve *reserve);

#endif
