/* SPDX-License-Identifier: MIT */
/*
 * main.c - isle-run: reads the configuration, runs it, ends as it ended.
 */
#include "config.h"
#include "run.h"

#include <isle/version.h>

#include <stdio.h>

int main(int argc, char **argv)
{
	struct config config;
	struct why why;

	if (config_read(&config, argc, argv, &why)) {
		fprintf(stderr, "isle-run: %s\n", why.text);
		return RUN_USAGE;
	}
	if (config.help) {
		config_help();
		return 0;
	}
	if (config.version) {
		printf("isle-run (hermit-isles) %s, ABI revision %u\n", PACKAGE_VERSION,
		       ISLE_ABI_REVISION);
		return 0;
	}
	return run(&config);
}
