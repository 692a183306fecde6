// SPDX-License-Identifier: MIT
/*
 * memory.c - self-tests of extents, frames, small objects, and of what is mapped and how.
 */
#include <kern/selftest.h>

#include <stddef.h>

#include <arch/enter.h>
#include <arch/mmu.h>
#include <arch/trap.h>
#include <isle/boot.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/kmalloc.h>
#include <kern/string.h>

#define PATTERN  0x69736c6569736c65ull

/* Writes a word, reads it back, restores it. */
static bool word_works(uint64_t *word)
{
	uint64_t old, got = 0;

	if (!probe_read(word, &old) || !probe_write(word, PATTERN) || !probe_read(word, &got) ||
	    !probe_write(word, old))
		return false;
	return got == PATTERN;
}

/*
 * First and last word of each extent; the first extent's begin is the kernel's text, so its window
 * serves instead.
 */
static void extents_writable(void)
{
	uint32_t i;

	for (i = 0; i < extents.nr; i++) {
		const struct isle_extent *e = &extents.list[i];
		uint64_t first = i ? 0 : boot->window_ipa;

		if (!word_works(hpa_to_va(e->hpa + first)))
			selftest_fail("extent %u at %#lx cannot be written", i,
				      (unsigned long)e->hpa);
		if (!word_works(hpa_to_va(e->hpa + e->size - 8)))
			selftest_fail("end of extent %u at %#lx cannot be written", i,
				      (unsigned long)e->hpa);
		selftest_expect(hpa_to_ipa(e->hpa) == e->ipa && ipa_to_hpa(e->ipa) == e->hpa);
		selftest_expect(hpa_to_ipa(e->hpa + e->size - 1) == e->ipa + e->size - 1);
	}
	selftest_expect(ipa_to_hpa(extents.size) == EXTENT_NONE);
}

/* The same memory at both of its addresses. */
static void direct_map_aliases(void)
{
	static volatile uint64_t word;
	uint64_t ipa = (uint64_t)(uintptr_t)&word - PRIVATE_BASE;
	volatile uint64_t *alias = hpa_to_va(ipa_to_hpa(ipa));

	word = PATTERN;
	selftest_expect(*alias == PATTERN);
	*alias = 1;
	selftest_expect(word == 1);
}

static const uint32_t sizes[] = { 1, 2, 7, 64, 511, FRAMES_GRANULE, FRAMES_GIB };

static void frames_return(void)
{
	struct frame_stats before = frame_stats(ISLE_MAX_NODES), after;
	uint32_t i, node = this_cpu()->node;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		isle_hpa_t hpa = frame_alloc(sizes[i], node, 0);
		uint64_t size = sizes[i] * FRAME_SIZE;

		if (hpa == FRAME_NONE) {
			if (sizes[i] < FRAMES_GIB)
				selftest_fail("no %u frames", sizes[i]);
			continue;
		}
		if (sizes[i] >= FRAMES_GRANULE && hpa % size)
			selftest_fail("%u frames at %#lx are not aligned", sizes[i],
				      (unsigned long)hpa);
		selftest_expect(word_works(hpa_to_va(hpa)));
		selftest_expect(word_works(hpa_to_va(hpa + size - 8)));
		frame_free(hpa, sizes[i]);
	}
	after = frame_stats(ISLE_MAX_NODES);
	selftest_expect(after.free == before.free && after.kernel == before.kernel);
}

/* What the program gets is zero, in granules of its own, and marked. */
static void owners_apart(void)
{
	isle_hpa_t user = frame_alloc(1, this_cpu()->node, FRAME_USER);
	isle_hpa_t kernel = frame_alloc(1, this_cpu()->node, 0);
	const uint8_t *granules = private_at(boot->granules_ipa);
	const uint64_t *word;
	uint32_t i;

	if (user == FRAME_NONE || kernel == FRAME_NONE) {
		selftest_fail("no memory");
		return;
	}
	selftest_expect(granules[hpa_to_ipa(user) / ISLE_GRANULE_SIZE] == ISLE_GRANULE_USER);
	selftest_expect(granules[hpa_to_ipa(kernel) / ISLE_GRANULE_SIZE] == ISLE_GRANULE_KERNEL);
	word = hpa_to_va(user);
	for (i = 0; i < FRAME_SIZE / 8; i++)
		selftest_expect(word[i] == 0);
	frame_free(user, 1);
	frame_free(kernel, 1);
}

static void objects_return(void)
{
	size_t before = kmalloc_used(), size;
	void *at[64];
	uint32_t i;

	for (i = 0, size = 1; i < 64; i++, size += size / 4 + 1) {
		at[i] = size <= KMALLOC_MAX ? kmalloc(size) : NULL;
		if (!at[i])
			continue;
		memset(at[i], (int)i, size);
		selftest_expect((uintptr_t)at[i] % 16 == 0);
	}
	for (i = 0; i < 64; i++) {
		if (at[i])
			selftest_expect(*(uint8_t *)at[i] == i);
		kfree(at[i]);
	}
	selftest_expect(kmalloc_used() == before);
}

static void leaf_check(const struct mmu_leaf *leaf, void *arg)
{
	uint32_t *executable = arg;

	if (leaf->write && leaf->exec)
		selftest_fail("%#lx can be written and executed", (unsigned long)leaf->va);
	if (leaf->user)
		selftest_fail("%#lx is the program's", (unsigned long)leaf->va);
	if (leaf->exec && leaf->va < PRIVATE_BASE)
		selftest_fail("%#lx can be executed", (unsigned long)leaf->va);
	if (leaf->va < PRIVATE_BASE && leaf->hpa - extents.list[0].hpa < boot->private_size)
		executable[1]++;
	executable[0] += leaf->exec;
}

static void nothing_writable_executable(void)
{
	uint32_t count[2] = { 0, 0 };

	mmu_visit(leaf_check, count);
	selftest_expect(count[0] > 0 && count[1] > 0);
}

static void text_protected(void)
{
	uint64_t *text = (uint64_t *)(uintptr_t)&selftest_run;
	uint64_t *rodata = (uint64_t *)(uintptr_t)sizes;
	uint64_t ipa = (uint64_t)(uintptr_t)text - PRIVATE_BASE, word;

	selftest_expect(probe_read(text, &word));
	selftest_expect(!probe_write(text, word));
	selftest_expect(!probe_write(rodata, 0));
	selftest_expect(!probe_write(hpa_to_va(ipa_to_hpa(ipa)), word));
}

static void data_not_executable(void)
{
	static uint8_t ret = 0xc3;
	isle_hpa_t hpa = frame_alloc(1, this_cpu()->node, 0);

	selftest_expect(!probe_exec(&ret));
	if (hpa == FRAME_NONE)
		return;
	memset(hpa_to_va(hpa), 0xc3, 16);
	selftest_expect(!probe_exec(hpa_to_va(hpa)));
	frame_free(hpa, 1);
}

static void null_and_guards_unmapped(void)
{
	uint64_t low, high, word;

	cpu_stack_bounds(this_cpu(), &low, &high);
	selftest_expect(!probe_read(NULL, &word));
	selftest_expect(!probe_read((void *)low, &word));
	selftest_expect(!probe_read((void *)(low - 8 + FRAME_SIZE), &word));
	selftest_expect(probe_read((void *)(low + FRAME_SIZE), &word));
}

const struct selftest selftests_memory[] = {
	{ "extents-writable", extents_writable },
	{ "direct-map-aliases", direct_map_aliases },
	{ "frames-return", frames_return },
	{ "owners-apart", owners_apart },
	{ "objects-return", objects_return },
	{ "nothing-writable-executable", nothing_writable_executable },
	{ "text-protected", text_protected },
	{ "data-not-executable", data_not_executable },
	{ "null-and-guards-unmapped", null_and_guards_unmapped },
	{ NULL, NULL },
};
