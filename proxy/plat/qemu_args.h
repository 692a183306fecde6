/* SPDX-License-Identifier: MIT */
/*
 * qemu_args.h - what the user's variables say about QEMU, and the command line that follows.
 */
#ifndef PROXY_PLAT_QEMU_ARGS_H
#define PROXY_PLAT_QEMU_ARGS_H

#include "why.h"

#include <stdbool.h>
#include <stdint.h>

#define QEMU_PORT_DEFAULT  18766u /* HERMIT_PORT; the monitor's is the next */
#define QEMU_GDB_PORT      1234u
/* The oldest that isles are tried with. */
#define QEMU_MAJOR_LEAST   7u
#define QEMU_MINOR_LEAST   2u

/* Descriptors that QEMU finds open. */
enum { QEMU_FD_MEM = 3, QEMU_FD_BELL = 4 };

struct qemu_wish {
	char path[4096];      /* the program */
	const char *options;  /* HERMIT_QEMU_OPTIONS: further words of its command line, or NULL */
	uint32_t monitor;     /* port, or 0: none */
	uint32_t gdb;         /* port, or 0: none */
	bool kvm;
};

struct qemu_machine {
	uint32_t nr_cpus;
	uint64_t mem_size;    /* of the isle: a multiple of the granule */
	uint64_t boot_ipa;
	const char *image;
};

#define QEMU_ARGS_MAX   96
#define QEMU_ARGS_TEXT  12288

struct qemu_args {
	char *argv[QEMU_ARGS_MAX + 1];
	char text[QEMU_ARGS_TEXT];
	uint32_t nr, used;
	bool full;
};

/*
 * Reads HERMIT_QEMU, HERMIT_KVM, HERMIT_MONITOR, HERMIT_DEBUG, HERMIT_PORT and HERMIT_QEMU_OPTIONS and finds the
 * program. 0, or with a sentence: -EINVAL a value makes no sense; -ENOENT there is no such program; -EACCES it
 * or /dev/kvm may not be used; -EADDRINUSE a port is taken.
 */
int qemu_wish_read(struct qemu_wish *wish, struct why *why);

/* Builds the command line, NULL-terminated, its words in args itself. 0, or -E2BIG with a sentence. */
int qemu_args_build(struct qemu_args *args, const struct qemu_wish *wish, const struct qemu_machine *machine,
		    struct why *why);

/*
 * Reads a version from what `--version' printed. True if it is QEMU's text; *major and *minor are set then.
 */
bool qemu_version_parse(const char *text, uint32_t *major, uint32_t *minor);
/* Asks the program for its version, a few seconds at most. 0, or why it is no QEMU for isles: -EPROTO, a sentence. */
int qemu_version_check(const char *path, struct why *why);

#endif
