// SPDX-License-Identifier: MIT
/*
 * frame.c - the frame allocator against a model.
 *
 * Breakages it catches: memory given out twice, or outside the isle, or of the wrong node; kernel
 * and program in one granule; a program's granule that becomes the kernel's; memory for the program
 * that is not zero; a count that drifts; memory that does not come back; freeing twice unnoticed.
 */
#include "unit.h"

#include <isle/boot.h>
#include <kern/boot.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <arch/mmu.h>

#define MIB  (1ull << 20)
#define GIB  (1ull << 30)

/* Two nodes, three extents, out of order in hpa, none aligned to 1 GiB. */
static void machine_small(void)
{
	struct isle_extent list[] = {
		{ .hpa = 4 * GIB + 6 * MIB, .size = 64 * MIB, .node = 0 },
		{ .hpa = 8 * GIB + 2 * MIB, .size = 32 * MIB, .node = 3 },
		{ .hpa = 1 * GIB + 14 * MIB, .size = 48 * MIB, .node = 0 },
	};

	host_start(list, 3);
}

static void machine_large(void)
{
	struct isle_extent list[] = {
		{ .hpa = 1 * GIB - 16 * MIB, .size = 3 * GIB + 28 * MIB, .node = 0 },
		{ .hpa = 8 * GIB, .size = 2 * GIB, .node = 1 },
	};

	host_start(list, 2);
}

static uint64_t frames_free(void)
{
	return frame_stats(ISLE_MAX_NODES).free;
}

TEST(extents_convert_both_ways)
{
	isle_ipa_t ipa;

	machine_small();
	EXPECT_EQ(extents.size, 144 * MIB);
	for (ipa = 0; ipa < extents.size; ipa += MIB / 2 + 8) {
		isle_hpa_t hpa = ipa_to_hpa(ipa);

		if (!EXPECT_EQ(hpa_to_ipa(hpa), ipa))
			break;
	}
	EXPECT_EQ(ipa_to_hpa(extents.size), EXTENT_NONE);
	EXPECT_EQ(hpa_to_ipa(0), EXTENT_NONE);
	EXPECT_EQ(hpa_to_ipa(1 * GIB + 14 * MIB - 1), EXTENT_NONE);
	EXPECT_EQ(hpa_to_ipa(1 * GIB + 62 * MIB), EXTENT_NONE);
	EXPECT_EQ(hpa_to_ipa(9 * GIB), EXTENT_NONE);
}

TEST(malformed_extents_are_refused)
{
	struct isle_extent good[2] = {
		{ .hpa = 8 * MIB, .ipa = 0, .size = 4 * MIB },
		{ .hpa = 2 * MIB, .ipa = 4 * MIB, .size = 6 * MIB },
	}, bad[2];

	EXPECT(!extents_init(good, 2, 10 * MIB));
	EXPECT(extents_init(good, 2, 12 * MIB));
	EXPECT(extents_init(good, 0, 0));
	EXPECT(extents_init(good, ISLE_MAX_EXTENTS + 1, 10 * MIB));
#define REFUSED(change) \
	do { \
		memcpy(bad, good, sizeof(bad)); \
		change; \
		EXPECT_THAT(extents_init(bad, 2, bad[0].size + bad[1].size), "%s is taken", #change); \
	} while (0)
	REFUSED(bad[1].ipa = 6 * MIB);
	REFUSED(bad[0].ipa = 2 * MIB);
	REFUSED(bad[1].size = 8 * MIB);
	REFUSED(bad[1].hpa = 10 * MIB);
	REFUSED(bad[1].hpa = 3 * MIB);
	REFUSED(bad[1].size = 0);
	REFUSED(bad[0].hpa = 1ull << 46);
	REFUSED(bad[0].size = ~0ull & ~(2 * MIB - 1));
	REFUSED(bad[1].node = ISLE_MAX_NODES);
#undef REFUSED
}

/* A piece that is handed out, in the model. */
struct piece {
	isle_hpa_t hpa;
	uint32_t nr, flags;
};

static bool overlap(const struct piece *a, const struct piece *b)
{
	return a->hpa < b->hpa + b->nr * FRAME_SIZE && b->hpa < a->hpa + a->nr * FRAME_SIZE;
}

static bool piece_zero(const struct piece *p)
{
	const uint64_t *word = hpa_to_va(p->hpa);
	uint64_t i;

	for (i = 0; i < p->nr * FRAME_SIZE / 8; i += 32)
		if (word[i])
			return false;
	return true;
}

/* Everything that must hold for a piece just taken. */
static void piece_check(const struct piece *all, uint32_t nr, const struct piece *p, uint32_t node)
{
	const uint8_t *granules = private_at(boot->granules_ipa);
	uint8_t mark = p->flags & FRAME_USER ? ISLE_GRANULE_USER : ISLE_GRANULE_KERNEL;
	uint32_t i, extent = extent_of_hpa(p->hpa);
	uint64_t size = p->nr * FRAME_SIZE, at;

	ASSERT_THAT(extent < extents.nr, "%#lx is not the isle's", (unsigned long)p->hpa);
	EXPECT_EQ(hpa_to_ipa(p->hpa + size - 1), hpa_to_ipa(p->hpa) + size - 1);
	EXPECT_GE(hpa_to_ipa(p->hpa), boot->window_ipa + boot->window_size);
	if (p->flags & FRAME_THIS_NODE)
		EXPECT_EQ(extents.list[extent].node, node);
	if (p->nr >= FRAMES_GRANULE)
		EXPECT_EQ(p->hpa % size, 0);
	for (at = hpa_to_ipa(p->hpa); at < hpa_to_ipa(p->hpa) + size; at += FRAME_SIZE)
		if (!EXPECT_EQ(granules[at / ISLE_GRANULE_SIZE], mark))
			break;
	if (p->flags & (FRAME_USER | FRAME_ZERO))
		EXPECT(piece_zero(p));
	for (i = 0; i < nr; i++)
		if (all[i].nr && &all[i] != p)
			EXPECT(!overlap(&all[i], p));
}

static uint32_t random_size(void)
{
	static const uint32_t sizes[] = { 1, 1, 1, 2, 3, 16, 64, 300, 511, FRAMES_GRANULE };

	return sizes[unit_random() % 10];
}

TEST(random_against_a_model)
{
	enum { PIECES = 128, STEPS = 6000 };
	static struct piece all[PIECES];
	uint64_t free_at_start, out = 0;
	uint32_t i, refused = 0;

	machine_small();
	free_at_start = frames_free();
	EXPECT_EQ(free_at_start, (144 * MIB - HOST_PRIVATE_SIZE - 2 * MIB) / FRAME_SIZE);
	for (i = 0; i < STEPS && !check_state.failures; i++) {
		struct piece *p = &all[unit_random() % PIECES];
		uint32_t node = unit_random() % 2 ? 3 : 0;

		if (p->nr) {
			frame_free(p->hpa, p->nr);
			out -= p->nr;
			p->nr = 0;
			continue;
		}
		p->nr = random_size();
		p->flags = (uint32_t)(unit_random() & (FRAME_USER | FRAME_ZERO | FRAME_THIS_NODE));
		p->hpa = frame_alloc(p->nr, node, p->flags);
		if (p->hpa == FRAME_NONE) {
			p->nr = 0;
			refused++;
			continue;
		}
		piece_check(all, PIECES, p, node);
		memset(hpa_to_va(p->hpa), 0xa5, p->nr * FRAME_SIZE);
		out += p->nr;
	}
	note("%u of %u steps, %u refused", i, STEPS, refused);
	for (i = 0; i < PIECES; i++) {
		if (all[i].nr)
			frame_free(all[i].hpa, all[i].nr);
		all[i].nr = 0;
	}
	EXPECT_EQ(frame_stats(ISLE_MAX_NODES).user, 0);
	/* What metadata took is all that is missing. */
	EXPECT_GE(frames_free() + 2 * FRAMES_GRANULE, free_at_start);
}

TEST(nodes_are_kept_apart_until_one_is_empty)
{
	uint32_t nr = 0;

	machine_small();
	while (frame_alloc(FRAMES_GRANULE, 3, FRAME_THIS_NODE) != FRAME_NONE)
		nr++;
	EXPECT_EQ(nr, 16);
	EXPECT_EQ(frame_stats(3).free, 0);
	EXPECT_EQ(frame_alloc(1, 3, FRAME_THIS_NODE), FRAME_NONE);
	EXPECT_NE(frame_alloc(1, 3, 0), FRAME_NONE);
	EXPECT_EQ(frame_alloc(1, 7, FRAME_THIS_NODE), FRAME_NONE);
	EXPECT_NE(frame_alloc(1, 7, 0), FRAME_NONE);
}

/* To the last frame, and back. */
TEST(exhaustion_and_return)
{
	static isle_hpa_t all[144 * 256];
	uint32_t nr = 0, i;
	uint64_t before;

	machine_small();
	/* Metadata is made once. */
	frame_free(frame_alloc(1, 0, FRAME_USER), 1);
	before = frames_free();
	while ((all[nr] = frame_alloc(1, 0, FRAME_USER)) != FRAME_NONE)
		nr++;
	EXPECT_GE(nr + 2 * FRAMES_GRANULE, before);
	EXPECT_EQ(frames_free(), 0);
	EXPECT_EQ(frame_alloc(FRAMES_GRANULE, 0, 0), FRAME_NONE);
	for (i = 0; i < nr; i++)
		frame_free(all[i], 1);
	EXPECT_GE(frames_free() + 2 * FRAMES_GRANULE, before);
	/* What was the program's cannot be the kernel's. */
	EXPECT_EQ(frame_alloc(1, 0, 0), FRAME_NONE);
	EXPECT_NE(frame_alloc(FRAMES_GRANULE, 0, FRAME_USER), FRAME_NONE);
}

/* What the kernel gave back may become the program's, zeroed. */
TEST(kernel_granules_become_the_programs)
{
	struct piece p = { .nr = FRAMES_GRANULE, .flags = FRAME_USER };
	static isle_hpa_t all[72];
	uint32_t nr = 0, i;

	machine_small();
	while ((all[nr] = frame_alloc(FRAMES_GRANULE, 0, 0)) != FRAME_NONE) {
		memset(hpa_to_va(all[nr]), 0x77, ISLE_GRANULE_SIZE);
		nr++;
	}
	EXPECT_EQ(frame_alloc(1, 0, FRAME_USER), FRAME_NONE);
	for (i = 0; i < nr; i++)
		frame_free(all[i], FRAMES_GRANULE);
	p.hpa = frame_alloc(p.nr, 0, p.flags);
	ASSERT(p.hpa != FRAME_NONE);
	piece_check(&p, 1, &p, 0);
}

TEST(runs_of_one_gib)
{
	uint64_t before;
	isle_hpa_t a, b, c;

	machine_large();
	frame_free(frame_alloc(1, 0, 0), 1);
	before = frames_free();
	a = frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE);
	b = frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE);
	c = frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE | FRAME_USER);
	EXPECT_EQ(a, 3 * GIB);
	EXPECT_EQ(b, 2 * GIB);
	EXPECT_EQ(c, 1 * GIB);
	EXPECT_EQ(frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE), FRAME_NONE);
	EXPECT_GE(frame_alloc(FRAMES_GIB, 0, 0), 8 * GIB);
	/* What lies around the runs is still handed out: 28 MiB less private area and window. */
	EXPECT_NE(frame_alloc(FRAMES_GRANULE, 0, FRAME_THIS_NODE), FRAME_NONE);
	frame_free(a, FRAMES_GIB);
	EXPECT_EQ(frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE), a);
	frame_free(a, FRAMES_GIB);
	frame_free(b, FRAMES_GIB);
	frame_free(c, FRAMES_GIB);
	EXPECT_EQ(frames_free(), before - FRAMES_GIB - FRAMES_GRANULE);
}

/* A run that came back is broken up when granules run out, to the last one. */
TEST(gib_is_broken_up)
{
	uint32_t nr = 0;
	isle_hpa_t a;

	machine_large();
	a = frame_alloc(FRAMES_GIB, 0, FRAME_THIS_NODE);
	frame_free(a, FRAMES_GIB);
	while (frame_alloc(FRAMES_GRANULE, 0, FRAME_THIS_NODE) != FRAME_NONE)
		nr++;
	EXPECT_EQ(nr, (3 * GIB + 28 * MIB - HOST_PRIVATE_SIZE) / ISLE_GRANULE_SIZE - 1);
	EXPECT_EQ(frame_stats(0).free, 0);
}

TEST(pieces_are_split)
{
	isle_hpa_t gib, granule;
	uint64_t before;
	uint32_t i;

	machine_large();
	frame_free(frame_alloc(1, 0, 0), 1);
	before = frames_free();
	gib = frame_alloc(FRAMES_GIB, 0, 0);
	EXPECT_EQ(frame_split(gib, FRAMES_GIB), 0);
	granule = gib + 7 * ISLE_GRANULE_SIZE;
	EXPECT_EQ(frame_split(granule, FRAMES_GRANULE), 0);
	for (i = 0; i < FRAMES_GRANULE; i += 2)
		frame_free(granule + i * FRAME_SIZE, 1);
	for (i = 1; i < FRAMES_GRANULE; i += 2)
		frame_free(granule + i * FRAME_SIZE, 1);
	for (i = 0; i < FRAMES_GIB / FRAMES_GRANULE; i++)
		if (i != 7)
			frame_free(gib + i * ISLE_GRANULE_SIZE, FRAMES_GRANULE);
	EXPECT_EQ(frames_free(), before);
}

/* Split, then no memory for the table of its pages: it is given back whole after all, or split again. */
TEST(split_in_vain)
{
	uint64_t before;
	isle_hpa_t granule;

	machine_large();
	frame_free(frame_alloc(1, 0, 0), 1);
	before = frames_free();
	granule = frame_alloc(FRAMES_GRANULE, 0, 0);
	EXPECT_EQ(frame_split(granule, FRAMES_GRANULE), 0);
	EXPECT_EQ(frame_split(granule, FRAMES_GRANULE), 0);
	frame_free(granule, FRAMES_GRANULE);
	EXPECT_EQ(frames_free(), before);
}

TEST(wrong_frees_panic)
{
	isle_hpa_t one, granule, gib;

	machine_large();
	one = frame_alloc(2, 0, 0);
	granule = frame_alloc(FRAMES_GRANULE, 0, 0);
	gib = frame_alloc(FRAMES_GIB, 0, 0);
	EXPECT_PANIC(frame_free(one, 1); frame_free(one, 1));
	EXPECT_PANIC(frame_free(one, 3));
	EXPECT_PANIC(frame_free(one + 1, 1));
	EXPECT_PANIC(frame_free(one + 64 * FRAME_SIZE, 1));
	EXPECT_PANIC(frame_free(one & ~(ISLE_GRANULE_SIZE - 1), FRAMES_GRANULE));
	EXPECT_PANIC(frame_free(granule, FRAMES_GRANULE); frame_free(granule, FRAMES_GRANULE));
	EXPECT_PANIC(frame_free(granule, 1));
	EXPECT_PANIC(frame_free(granule + ISLE_GRANULE_SIZE, FRAMES_GRANULE));
	EXPECT_PANIC(frame_free(gib, FRAMES_GIB); frame_free(gib, FRAMES_GIB));
	EXPECT_PANIC(frame_free(gib, FRAMES_GRANULE));
	EXPECT_PANIC(frame_free(gib + ISLE_GRANULE_SIZE, FRAMES_GRANULE));
	EXPECT_PANIC(frame_free(0, 1));
	EXPECT_PANIC(frame_split(one, FRAMES_GRANULE));
	EXPECT_PANIC(frame_alloc(0, 0, 0));
	EXPECT_PANIC(frame_alloc(600, 0, 0));
}

int main(void)
{
	return check_main(NULL);
}
