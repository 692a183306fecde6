/* SPDX-License-Identifier: MIT */
/*
 * plat.c - chooses the platform. There is one in this version; config.c has refused all others by
 * name.
 */
#include "plat.h"

const struct plat_ops *plat_choose(const struct config *config)
{
	(void)config;
	return &plat_multi;
}
