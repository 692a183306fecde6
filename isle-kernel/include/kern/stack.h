/* SPDX-License-Identifier: MIT */
/*
 * stack.h - the first stack of a program: argc, argv, envp, auxiliary vector, strings.
 */
#ifndef KERN_STACK_H
#define KERN_STACK_H

#include <stddef.h>
#include <stdint.h>

#define STACK_MAX_AUX  32

struct stack_aux {
	uint64_t type;
	uint64_t value;
};

struct stack_image {
	/* In */
	const char *strings;    /* argv, envp, execfn: NUL-terminated, without gaps (abi/isle/exec.h) */
	size_t   strings_size;
	uint32_t argc, envc;
	const uint8_t *random;  /* 16 bytes, become AT_RANDOM */
	const char *platform;   /* becomes AT_PLATFORM */
	uint64_t top;           /* address just above the stack, page-aligned */
	uint32_t nr_aux;        /* entries that the caller has put into aux[] */
	struct stack_aux aux[STACK_MAX_AUX];

	/* Out */
	size_t   strings_len;   /* of what the image takes of strings */
	uint64_t sp;            /* what the program finds in RSP: 16-byte aligned, argc there */
	uint64_t aux_at, aux_size; /* the auxiliary vector, its end included */
	uint64_t arg_start, arg_end, env_start, env_end; /* for /proc/self/{cmdline,environ} */
};

/* Bytes below top that the image takes. Returns 0 if the strings are not argc + envc + 1 terminated ones. */
size_t stack_size(struct stack_image *img);

/*
 * Writes the image into buf, which stands for the addresses [top - size, top), size from
 * stack_size(). Adds AT_RANDOM, AT_PLATFORM, AT_EXECFN and AT_NULL to the caller's entries. Layout:
 * System V x86-64 psABI 3.4.1.
 */
void stack_build(struct stack_image *img, void *buf, size_t size);

#endif
