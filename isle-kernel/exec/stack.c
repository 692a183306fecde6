// SPDX-License-Identifier: MIT
/*
 * stack.c - lays out the first stack of a program.
 *
 * From the top downward: strings, platform name, random bytes, padding; then, upward from the stack
 * pointer: argc, argv[], NULL, envp[], NULL, auxiliary vector. Pure: it writes into a buffer and
 * computes the addresses the program will see.
 */
#include <kern/stack.h>

#include <kern/string.h>

enum { AT_NULL = 0, AT_PLATFORM = 15, AT_RANDOM = 25, AT_EXECFN = 31 };

#define OWN_AUX       4u   /* RANDOM, PLATFORM, EXECFN, NULL */
#define RANDOM_BYTES  16u

/* Length with NUL of the string at off; 0 if it does not end inside the block. */
static size_t string_len(const struct stack_image *img, size_t off)
{
	size_t left = img->strings_size - off, len = zero_find(img->strings + off, left);

	return len < left ? len + 1 : 0;
}

/* Bytes of all strings; 0 if there are too few. Each string is looked at once here, once when it gets its word. */
static size_t strings_len(const struct stack_image *img)
{
	size_t off = 0;
	uint64_t i;

	for (i = 0; i < (uint64_t)img->argc + img->envc + 1; i++) {
		size_t len = string_len(img, off);

		if (len == 0)
			return 0;
		off += len;
	}
	return off;
}

static size_t words(const struct stack_image *img)
{
	return 1 + (size_t)img->argc + 1 + img->envc + 1 + 2 * ((size_t)img->nr_aux + OWN_AUX);
}

size_t stack_size(struct stack_image *img)
{
	size_t blobs;

	img->strings_len = strings_len(img);
	if (img->strings_len == 0 || img->nr_aux > STACK_MAX_AUX)
		return 0;
	blobs = img->strings_len + strlen(img->platform) + 1 + RANDOM_BYTES;
	/* Both parts rounded up, so that the stack pointer is 16-byte aligned (psABI 3.4.1). */
	return ((blobs + 15) & ~(size_t)15) + ((words(img) * 8 + 15) & ~(size_t)15);
}

/*
 * Writes the addresses of n strings that begin at off of the block, and a NULL; returns the offset
 * behind them.
 */
static size_t vector_put(const struct stack_image *img, uint64_t **word, uint32_t n, size_t off, uint64_t strings_at)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		*(*word)++ = strings_at + off;
		off += string_len(img, off);
	}
	*(*word)++ = 0;
	return off;
}

static void aux_put(uint64_t **word, uint64_t type, uint64_t value)
{
	*(*word)++ = type;
	*(*word)++ = value;
}

void stack_build(struct stack_image *img, void *buf, size_t size)
{
	size_t strings = img->strings_len, platform = strlen(img->platform) + 1, off;
	uint64_t strings_at = img->top - strings, platform_at = strings_at - platform;
	uint64_t random_at = platform_at - RANDOM_BYTES;
	char *end = (char *)buf + size;
	uint64_t *word = buf;
	uint32_t i;

	memset(buf, 0, size);
	memcpy(end - strings, img->strings, strings);
	memcpy(end - strings - platform, img->platform, platform);
	memcpy(end - strings - platform - RANDOM_BYTES, img->random, RANDOM_BYTES);

	img->sp = img->top - size;
	*word++ = img->argc;
	img->arg_start = strings_at;
	off = vector_put(img, &word, img->argc, 0, strings_at);
	img->arg_end = img->env_start = strings_at + off;
	off = vector_put(img, &word, img->envc, off, strings_at);
	img->env_end = strings_at + off;
	img->aux_at = img->sp + (uint64_t)((char *)word - (char *)buf);
	img->aux_size = 16ull * (img->nr_aux + OWN_AUX);
	for (i = 0; i < img->nr_aux; i++)
		aux_put(&word, img->aux[i].type, img->aux[i].value);
	aux_put(&word, AT_RANDOM, random_at);
	aux_put(&word, AT_PLATFORM, platform_at);
	aux_put(&word, AT_EXECFN, strings_at + off);
	aux_put(&word, AT_NULL, 0);
}
