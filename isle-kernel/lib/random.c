// SPDX-License-Identifier: MIT
/*
 * random.c - ChaCha20 (RFC 8439) as a generator: the key is 32 random bytes of Linux's, and is
 * replaced with every request by the first 32 bytes that the generator makes for it, so that what was
 * given out cannot be computed backwards.
 */
#include <kern/random.h>

#include <stdint.h>

#include <arch/cpu.h>
#include <kern/lock.h>
#include <kern/process.h>
#include <kern/string.h>

#define WORDS   16u
#define ROUNDS  20u

static struct spinlock lock = SPINLOCK_INIT;  /* guards key and counter */
static uint32_t key[8];
static uint64_t counter;

static uint32_t rotate(uint32_t x, uint32_t n)
{
	return x << n | x >> (32 - n);
}

static inline __attribute__((always_inline))
void quarter(uint32_t s[WORDS], uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

static void block_make(uint32_t out[WORDS])
{
	uint32_t in[WORDS] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, i;
	/* The time in the nonce: two isles with one seed would differ. */
	uint64_t now = tsc_read();

	memcpy(in + 4, key, sizeof(key));
	in[12] = (uint32_t)counter;
	in[13] = (uint32_t)(counter++ >> 32);
	in[14] = (uint32_t)now;
	in[15] = (uint32_t)(now >> 32);
	memcpy(out, in, sizeof(in));
	for (i = 0; i < ROUNDS; i += 2) {
		quarter(out, 0, 4, 8, 12), quarter(out, 1, 5, 9, 13);
		quarter(out, 2, 6, 10, 14), quarter(out, 3, 7, 11, 15);
		quarter(out, 0, 5, 10, 15), quarter(out, 1, 6, 11, 12);
		quarter(out, 2, 7, 8, 13), quarter(out, 3, 4, 9, 14);
	}
	for (i = 0; i < WORDS; i++)
		out[i] += in[i];
}

void random_fill(struct process *process, void *to, size_t size)
{
	uint32_t block[WORDS], next[8];
	size_t skip = sizeof(next);
	uint8_t *at = to;

	spin_lock(&lock);
	if (!counter)
		/* AT_RANDOM has the first half: the second is ours alone, mixed with it by the cipher. */
		memcpy(key, process->random, sizeof(key));
	block_make(block);
	memcpy(next, block, sizeof(next));
	while (size) {
		size_t left = sizeof(block) - skip, n = size < left ? size : left;

		memcpy(at, (uint8_t *)block + skip, n);
		at += n;
		size -= n;
		skip = 0;
		if (size)
			block_make(block);
	}
	memcpy(key, next, sizeof(key));
	memset(block, 0, sizeof(block));
	memset(next, 0, sizeof(next));
	spin_unlock(&lock);
}
