// SPDX-License-Identifier: MIT
/*
 * image.c - isle_image_check() on the kernel that was built, on it cut off at every byte, and on
 * headers made wrong one field at a time. The sanitizers see a read outside the buffer.
 */
#include "unit.h"

#include <isle/image.h>

static uint8_t *image;
static uint64_t image_size;

static void begin(void)
{
	const char *path = getenv("ISLE_IMAGE");
	FILE *f = fopen(path ? path : "../../isle-kernel/isle.elf", "re");

	ASSERT_THAT(f, "the kernel's image is not there: set ISLE_IMAGE");
	fseek(f, 0, SEEK_END);
	image_size = (uint64_t)ftell(f);
	rewind(f);
	image = malloc(image_size);
	ASSERT_EQ(fread(image, 1, image_size, f), image_size);
	fclose(f);
}

/* A copy that ends exactly where the buffer ends. */
static uint8_t *copy(uint64_t size)
{
	uint8_t *p = malloc(size ? size : 1);

	memcpy(p, image, size);
	return p;
}

TEST(the_kernel_is_taken)
{
	struct isle_image img;
	uint32_t i;

	EXPECT(!isle_image_check(image, image_size, ISLE_PLAT_MULTI, &img));
	EXPECT_EQ(img.note.revision, ISLE_ABI_REVISION);
	EXPECT_GE(img.entry, ISLE_KBASE);
	EXPECT_LE(image_size, 300 << 10);
	EXPECT_EQ(img.mem_size % ISLE_PAGE_SIZE, 0);
	for (i = 0; i < img.nr_segments; i++)
		EXPECT_LE(img.segment[i].ipa + img.segment[i].mem_size, img.mem_size);
	EXPECT(!isle_image_check(image, image_size, ISLE_PLAT_QEMU, &img));
	EXPECT(isle_image_check(image, image_size, 30, &img));
	EXPECT(isle_image_check(image, image_size, 32, &img));
}

/* Where the last loaded byte or note ends, counted in the file. */
static uint64_t needed(void)
{
	const struct isle_elf_header *eh = (const void *)image;
	uint64_t end = eh->phoff + eh->phnum * sizeof(struct isle_elf_segment);
	uint32_t i;

	for (i = 0; i < eh->phnum; i++) {
		const struct isle_elf_segment *ph = (const void *)(image + eh->phoff + i * sizeof(*ph));

		if (ph->offset + ph->filesz > end)
			end = ph->offset + ph->filesz;
	}
	return end;
}

TEST(cut_off_at_every_byte)
{
	uint64_t size, end = needed();
	struct isle_image img;

	for (size = 0; size < image_size; size++) {
		uint8_t *p = copy(size);
		const char *why = isle_image_check(p, size, ISLE_PLAT_MULTI, &img);

		free(p);
		if (!EXPECT_THAT(!why == (size >= end), "%llu of %llu bytes: %s",
				 (unsigned long long)size, (unsigned long long)image_size,
				 why ? why : "taken"))
			break;
	}
	note("%llu of %llu bytes are needed", (unsigned long long)end, (unsigned long long)image_size);
}

/* One field changed; what comes out, in the clause's words. */
static void expect_refused(uint64_t at, const void *bytes, size_t size, const char *clause)
{
	uint8_t *p = copy(image_size);
	struct isle_image img;
	const char *why;

	memcpy(p + at, bytes, size);
	why = isle_image_check(p, image_size, ISLE_PLAT_MULTI, &img);
	EXPECT_THAT(why && strstr(why, clause), "%s, expected %s", why ? why : "taken", clause);
	free(p);
}

#define REFUSED(type, base, field, value, clause) \
	do { \
		__typeof__(((type *)0)->field) refused_value = (__typeof__(refused_value))(value); \
		expect_refused((base) + offsetof(type, field), &refused_value, sizeof(refused_value), clause); \
	} while (0)

TEST(wrong_fields_are_named)
{
	uint64_t ph = ((const struct isle_elf_header *)(const void *)image)->phoff;
	uint64_t ph2 = ph + sizeof(struct isle_elf_segment);

	expect_refused(0, "\177elf", 4, "not an ELF");
	expect_refused(4, "\1", 1, "another machine");
	expect_refused(5, "\2", 1, "another machine");
	REFUSED(struct isle_elf_header, 0, machine, 183, "another machine");
	REFUSED(struct isle_elf_header, 0, type, 3, "not a linked executable");
	REFUSED(struct isle_elf_header, 0, phentsize, 32, "malformed");
	REFUSED(struct isle_elf_header, 0, phnum, 0, "malformed");
	REFUSED(struct isle_elf_header, 0, phnum, 65, "malformed");
	REFUSED(struct isle_elf_header, 0, phoff, ~0ull, "truncated");
	REFUSED(struct isle_elf_header, 0, phoff, image_size - 8, "truncated");
	REFUSED(struct isle_elf_header, 0, entry, 0x1000, "entry point");
	REFUSED(struct isle_elf_header, 0, entry, ISLE_KBASE - 1, "entry point");
	REFUSED(struct isle_elf_segment, ph, vaddr, 0, "address range");
	REFUSED(struct isle_elf_segment, ph, vaddr, ISLE_PARK_VA, "address range");
	REFUSED(struct isle_elf_segment, ph, vaddr, ~0ull, "address range");
	REFUSED(struct isle_elf_segment, ph, memsz, ISLE_IMAGE_MAX + 1, "address range");
	REFUSED(struct isle_elf_segment, ph, memsz, 1, "larger than its memory");
	REFUSED(struct isle_elf_segment, ph, offset, ~0ull, "truncated");
	REFUSED(struct isle_elf_segment, ph, flags, 4, "entry point");
	REFUSED(struct isle_elf_segment, ph2, vaddr, ISLE_KBASE, "overlap");
}

int main(void)
{
	static const struct check_hooks hooks = { .begin = begin };

	return check_main(&hooks);
}
