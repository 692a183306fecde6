// SPDX-License-Identifier: MIT
/*
 * fuzz_image.c - fuzz target: isle_image_check() may be called on any bytes, and what it takes is
 * consistent. With libFuzzer: fuzz_image CORPUS. Without, main() mutates the image that was built.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <isle/image.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_image: %s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct isle_image img;
	uint32_t i;

	if (isle_image_check(data, size, ISLE_PLAT_MULTI, &img))
		return 0;
	must(img.nr_segments >= 1 && img.nr_segments <= ISLE_IMAGE_SEGMENTS, "number of segments");
	must(img.mem_size <= ISLE_IMAGE_MAX, "size in memory");
	must(img.entry >= ISLE_KBASE && img.entry - ISLE_KBASE < img.mem_size, "entry point");
	for (i = 0; i < img.nr_segments; i++) {
		const struct isle_image_segment *s = &img.segment[i];

		must(s->file_off <= size && s->file_size <= size - s->file_off, "part of the file");
		must(s->file_size <= s->mem_size, "size of a segment");
		must(s->ipa <= img.mem_size && s->mem_size <= img.mem_size - s->ipa, "place in memory");
	}
	return 0;
}

/* Built without libFuzzer: FUZZ_WITH_MAIN. */
#ifdef FUZZ_WITH_MAIN
#define ROUNDS  200000u
#define HEAD    4096u

/* Changes a few bytes where the headers are, or the length. */
static size_t mutate(uint8_t *p, size_t size)
{
	static const uint8_t odd[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned int n = 1 + (unsigned int)rand() % 6;

	while (n--) {
		size_t at = (size_t)rand() % (rand() % 4 ? 64 + 56 * 4 : HEAD);

		if (at < size)
			p[at] = rand() % 2 ? odd[rand() % 5] : (uint8_t)rand();
	}
	return rand() % 8 ? size : (size_t)rand() % (size + 1);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : getenv("ISLE_IMAGE");
	FILE *f = fopen(path ? path : "../../isle-kernel/isle.elf", "re");
	static uint8_t seed[1 << 20];
	size_t size;
	unsigned int i;

	printf("1..1\n");
	if (!f) {
		printf("not ok 1 - the kernel's image is not there: set ISLE_IMAGE\n");
		return 1;
	}
	size = fread(seed, 1, sizeof(seed), f);
	fclose(f);
	srand(1);
	for (i = 0; i < ROUNDS; i++) {
		uint8_t head[HEAD], *p;
		size_t cut;

		memcpy(head, seed, sizeof(head));
		cut = mutate(seed, size);
		/* A buffer of its own now and then: the sanitizers see a read behind it. */
		p = i % 64 ? NULL : malloc(cut ? cut : 1);
		if (p)
			memcpy(p, seed, cut);
		LLVMFuzzerTestOneInput(p ? p : seed, cut);
		free(p);
		memcpy(seed, head, sizeof(head));
	}
	printf("ok 1 - %u mutated images are taken or refused\n", ROUNDS);
	return 0;
}
#endif
