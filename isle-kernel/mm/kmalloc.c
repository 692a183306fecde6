// SPDX-License-Identifier: MIT
/*
 * kmalloc.c - small objects in slabs of one frame, larger ones in frames of their own.
 *
 * A slab begins with a header whose bitmap says which objects are in use: no list runs through the
 * objects, so a stray write cannot break the allocator, and freeing twice shows at once. Frames of
 * a larger object begin with a header too, so that kfree finds it by rounding the address down. One
 * lock a node.
 */
#include <kern/kmalloc.h>

#include <stdint.h>

#include <arch/mmu.h>
#include <kern/cpu.h>
#include <kern/frame.h>
#include <kern/lock.h>
#include <kern/panic.h>
#include <kern/string.h>

#define MAGIC_SLAB    0x42414c53u   /* "SLAB" */
#define MAGIC_LARGE   0x4547524cu   /* "LRGE" */
#define POISON        0x6b

/* Multiples of 16, chosen so that a slab's 4032 bytes waste little. */
static const uint16_t class_size[] = {
	16, 32, 48, 64, 96, 128, 192, 256, 384, 496, 672, 1008, 2016
};

#define NR_CLASSES  (sizeof(class_size) / sizeof(class_size[0]))

/* Start of a slab, or of a large object's frames. */
struct head {
	uint32_t magic;
	uint8_t  class;
	uint8_t  node;         /* whose heap */
	uint8_t  poisoned;
	uint8_t  listed;
	uint32_t nr_used;      /* large: frames */
	uint32_t nr_objects;
	struct head *next, *prev;
	uint64_t used[4];
};

_Static_assert(sizeof(struct head) == 64, "objects begin behind the head, aligned");

static struct heap {
	struct spinlock lock __attribute__((aligned(64)));
	struct head *partial[NR_CLASSES];
	size_t used;
} heaps[ISLE_MAX_NODES];

static bool poison;

void kmalloc_init(bool want_poison)
{
	static bool begun;

	/* New memory is zero; only tests begin more than once. */
	if (begun)
		memset(heaps, 0, sizeof(heaps));
	begun = true;
	poison = want_poison;
}

/* Large objects are counted without the lock. */
static void used_add(struct heap *heap, size_t size)
{
	__atomic_fetch_add(&heap->used, size, __ATOMIC_RELAXED);
}

/* The least class that holds so many units of 16 bytes; unit/kmalloc holds it against class_size. */
static const uint8_t class_of[] = {
	[0 ... 1] = 0, [2] = 1, [3] = 2, [4] = 3, [5 ... 6] = 4, [7 ... 8] = 5, [9 ... 12] = 6, [13 ... 16] = 7,
	[17 ... 24] = 8, [25 ... 31] = 9, [32 ... 42] = 10, [43 ... 63] = 11, [64 ... 126] = 12
};

static uint8_t class_for(size_t size)
{
	return class_of[(size + 15) / 16];
}

static void slab_list(struct heap *heap, struct head *slab)
{
	slab->prev = NULL;
	slab->next = heap->partial[slab->class];
	if (slab->next)
		slab->next->prev = slab;
	heap->partial[slab->class] = slab;
	slab->listed = 1;
}

static void slab_unlist(struct heap *heap, struct head *slab)
{
	if (slab->prev)
		slab->prev->next = slab->next;
	else
		heap->partial[slab->class] = slab->next;
	if (slab->next)
		slab->next->prev = slab->prev;
	slab->listed = 0;
}

static struct head *slab_make(struct heap *heap, uint8_t class, uint32_t node)
{
	isle_hpa_t hpa = frame_alloc(1, node, 0);
	struct head *slab;

	if (hpa == FRAME_NONE)
		return NULL;
	slab = hpa_to_va(hpa);
	*slab = (struct head){
		.magic = MAGIC_SLAB, .class = class, .node = (uint8_t)node, .poisoned = poison,
	};
	slab->nr_objects = (uint32_t)((FRAME_SIZE - sizeof(*slab)) / class_size[class]);
	if (poison)
		memset(slab + 1, POISON, FRAME_SIZE - sizeof(*slab));
	slab_list(heap, slab);
	return slab;
}

static uint8_t *slab_object(struct head *slab, uint32_t at)
{
	return (uint8_t *)(slab + 1) + at * class_size[slab->class];
}

static void poison_check(const struct head *slab, const uint8_t *object)
{
	uint32_t i;

	for (i = 0; slab->poisoned && i < class_size[slab->class]; i++)
		if (object[i] != POISON)
			panic("kmalloc: byte %u of free object %p was written", i,
			      (const void *)object);
}

static void *slab_take(struct heap *heap, struct head *slab)
{
	uint32_t word = 0, at;
	uint8_t *object;

	while (!~slab->used[word])
		word++;
	at = word * 64 + (uint32_t)__builtin_ctzll(~slab->used[word]);
	slab->used[word] |= 1ull << (at % 64);
	if (++slab->nr_used == slab->nr_objects)
		slab_unlist(heap, slab);
	used_add(heap, class_size[slab->class]);
	object = slab_object(slab, at);
	poison_check(slab, object);
	return object;
}

static void *large_make(size_t size, uint32_t node)
{
	uint32_t nr = (uint32_t)((size + sizeof(struct head) + FRAME_SIZE - 1) / FRAME_SIZE);
	isle_hpa_t hpa;
	struct head *head;

	if (size > KMALLOC_MAX)
		return NULL;
	hpa = frame_alloc(nr, node, 0);
	if (hpa == FRAME_NONE)
		return NULL;
	head = hpa_to_va(hpa);
	*head = (struct head){ .magic = MAGIC_LARGE, .node = (uint8_t)node, .nr_used = nr };
	used_add(&heaps[node], nr * FRAME_SIZE);
	return head + 1;
}

void *kmalloc(size_t size)
{
	uint32_t node = this_cpu()->node;
	struct heap *heap = &heaps[node];
	struct head *slab;
	void *object = NULL;
	uint8_t class;

	if (size > class_size[NR_CLASSES - 1])
		return large_make(size, node);
	class = class_for(size);
	spin_lock(&heap->lock);
	slab = heap->partial[class];
	if (!slab)
		slab = slab_make(heap, class, node);
	if (slab)
		object = slab_take(heap, slab);
	spin_unlock(&heap->lock);
	return object;
}

void *kzalloc(size_t size)
{
	void *object = kmalloc(size);

	if (object)
		memset(object, 0, size);
	return object;
}

/*
 * One slab a class stays in the list when empty, so that taking and freeing one object does not
 * move frames.
 */
static void slab_give(struct head *slab, const uint8_t *object)
{
	struct heap *heap = &heaps[slab->node];
	uint64_t off = (uint64_t)(object - (uint8_t *)(slab + 1));
	uint32_t at = (uint32_t)(off / class_size[slab->class]);

	spin_lock(&heap->lock);
	if (off % class_size[slab->class] || !(slab->used[at / 64] >> (at % 64) & 1))
		panic("kmalloc: %p is freed but not in use", (const void *)object);
	slab->used[at / 64] &= ~(1ull << (at % 64));
	slab->nr_used--;
	used_add(heap, -(size_t)class_size[slab->class]);
	if (slab->poisoned)
		memset(slab_object(slab, at), POISON, class_size[slab->class]);
	if (!slab->listed)
		slab_list(heap, slab);
	if (!slab->nr_used && (slab->next || slab->prev)) {
		slab_unlist(heap, slab);
		slab->magic = 0;
		frame_free(va_to_hpa(slab), 1);
	}
	spin_unlock(&heap->lock);
}

void kfree(void *ptr)
{
	struct head *head = (struct head *)((uintptr_t)ptr & ~(uintptr_t)(FRAME_SIZE - 1));

	if (!ptr)
		return;
	if ((void *)head == ptr || (head->magic != MAGIC_SLAB && head->magic != MAGIC_LARGE))
		panic("kmalloc: %p is freed but was never given out", ptr);
	if (head->magic == MAGIC_SLAB) {
		slab_give(head, ptr);
		return;
	}
	head->magic = 0;
	used_add(&heaps[head->node], -(size_t)(head->nr_used * FRAME_SIZE));
	frame_free(va_to_hpa(head), head->nr_used);
}

size_t kmalloc_used(void)
{
	size_t sum = 0;
	uint32_t i;

	for (i = 0; i < ISLE_MAX_NODES; i++)
		sum += __atomic_load_n(&heaps[i].used, __ATOMIC_RELAXED);
	return sum;
}
