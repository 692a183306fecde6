/* SPDX-License-Identifier: MIT */
/*
 * abort - abort ends by SIGABRT even if that is ignored or its handler returns; assert does the same with
 * a message.
 * cases: plain=134 ignored=134 handled=134 assert=134
 */
#include "conform.h"

#undef NDEBUG
#include <assert.h>

static void handler(int sig)
{
	static const char text[] = "the handler ran\n";

	if (sig == SIGABRT && write(1, text, sizeof(text) - 1) < 0)
		_exit(1);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "plain";

	check(1, "%s", how);
	if (how[0] == 'i')
		signal(SIGABRT, SIG_IGN);
	if (how[0] == 'h')
		signal(SIGABRT, handler);
	assert(strcmp(how, "assert") != 0);
	abort();
}
