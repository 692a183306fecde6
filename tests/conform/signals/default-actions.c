/* SPDX-License-Identifier: MIT */
/*
 * default-actions - signals whose default ends the program end it with that signal.
 * cases: HUP=129 INT=130 QUIT=131 ILL=132 TRAP=133 ABRT=134 BUS=135 FPE=136 KILL=137 USR1=138 SEGV=139 USR2=140
 * cases: PIPE=141 ALRM=142 TERM=143 XCPU=152 SYS=159 RT=162
 */
#include "conform.h"

int main(int argc, char **argv)
{
	const struct { const char *name; int sig; } list[] = {
		{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL }, { "TRAP", SIGTRAP },
		{ "ABRT", SIGABRT }, { "BUS", SIGBUS }, { "FPE", SIGFPE }, { "KILL", SIGKILL }, { "USR1", SIGUSR1 },
		{ "SEGV", SIGSEGV }, { "USR2", SIGUSR2 }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
		{ "XCPU", SIGXCPU }, { "SYS", SIGSYS }, { "RT", SIGRTMIN },
	};
	size_t i;

	for (i = 0; i < COUNT(list); i++) {
		if (argc < 2 || strcmp(argv[1], list[i].name))
			continue;
		signal(list[i].sig, SIG_DFL);
		check(1, "SIG%s is sent", list[i].name);
		kill(getpid(), list[i].sig);
		check(0, "it ended the program");
	}
	return 1;
}
