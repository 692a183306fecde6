// SPDX-License-Identifier: MIT
/*
 * kmalloc.c - small objects: all sizes, content kept apart, all memory back, misuse noticed.
 */
#include "unit.h"

#include <kern/frame.h>
#include <kern/kmalloc.h>

#define MIB  (1ull << 20)

static void machine(void)
{
	struct isle_extent list[] = { { .hpa = 2 * MIB, .size = 64 * MIB, .node = 0 } };

	host_start(list, 1);
}

TEST(every_size_is_kept)
{
	size_t size, i;

	machine();
	for (size = 0; size < 9000; size += size < 2100 ? 1 : 97) {
		unsigned char *p = kmalloc(size), *q = kzalloc(size);

		ASSERT(p && q);
		EXPECT_EQ((uintptr_t)p % 16, 0);
		for (i = 0; i < size; i++)
			if (!EXPECT_EQ(q[i], 0))
				return;
		memset(p, 0x11, size);
		memset(q, 0x22, size);
		for (i = 0; i < size; i++)
			if (p[i] != 0x11 && !EXPECT_EQ(p[i], 0x11))
				return;
		kfree(p);
		kfree(q);
	}
	EXPECT_EQ(kmalloc_used(), 0);
	kfree(NULL);
}

TEST(largest_and_too_large)
{
	void *p;

	machine();
	p = kmalloc(KMALLOC_MAX);
	ASSERT(p);
	memset(p, 1, KMALLOC_MAX);
	kfree(p);
	EXPECT(!kmalloc(KMALLOC_MAX + 1));
	EXPECT(!kmalloc(~(size_t)0));
	EXPECT_EQ(kmalloc_used(), 0);
}

struct object {
	unsigned char *at;
	size_t size;
	unsigned char mark;
};

static int object_whole(const struct object *o)
{
	size_t i;

	for (i = 0; i < o->size; i++)
		if (o->at[i] != o->mark)
			return 0;
	return 1;
}

TEST(random_objects_keep_their_content)
{
	enum { OBJECTS = 700, STEPS = 40000 };
	static struct object all[OBJECTS];
	unsigned int i;

	machine();
	for (i = 0; i < STEPS && !check_state.failures; i++) {
		struct object *o = &all[unit_random() % OBJECTS];

		if (o->at) {
			EXPECT(object_whole(o));
			kfree(o->at);
			o->at = NULL;
			continue;
		}
		o->size = unit_random() % 40 ? unit_random() % 300 : unit_random() % 20000;
		o->at = kmalloc(o->size);
		o->mark = (unsigned char)i;
		ASSERT(o->at);
		memset(o->at, o->mark, o->size);
	}
	for (i = 0; i < OBJECTS; i++) {
		kfree(all[i].at);
		all[i].at = NULL;
	}
	EXPECT_EQ(kmalloc_used(), 0);
}

TEST(frames_come_back)
{
	static void *all[3000];
	unsigned int i, round;
	uint64_t before = 0;

	machine();
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 3000; i++)
			all[i] = kmalloc(500);
		for (i = 0; i < 3000; i++)
			kfree(all[i]);
		if (round)
			EXPECT_EQ(frame_stats(0).free, before);
		before = frame_stats(0).free;
	}
}

TEST(misuse_panics)
{
	char *p, *q, *large;

	machine();
	kmalloc_init(true);
	p = kmalloc(40);
	q = kmalloc(40);
	large = kmalloc(5000);
	EXPECT_PANIC(kfree(p); kfree(p));
	EXPECT_PANIC(kfree(p + 16));
	EXPECT_PANIC(kfree(p + 1));
	EXPECT_PANIC(kfree(large); kfree(large));
	EXPECT_PANIC(kfree((void *)((uintptr_t)p & ~(uintptr_t)4095)));
	/* A write after free shows when the object is used again. */
	EXPECT_PANIC(kfree(p); p[3] = 1; p = kmalloc(40));
	kfree(p);
	kfree(q);
	kfree(large);
}

int main(void)
{
	return check_main(NULL);
}
