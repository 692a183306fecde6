// SPDX-License-Identifier: MIT
/*
 * ring3.c - instructions that the kernel borrows from ring 3.
 *
 * A KVM without hardware help runs ring 3 by the processor and ring 0 by an emulator that does not know XSAVE
 * (ISLE_BOOT_F_SOFT_SYSCALL). Programs there see and use all vector registers, so all must be kept. XSAVE and XRSTOR
 * are not privileged: the kernel goes to ring 3 for one of them, interrupts off, and an exception behind it leads back.
 *
 * One entry of the top table, above what a program may map, is in all address spaces: there ring 3 finds the code, and
 * the threads' areas at their physical addresses. Pages that are mapped there stay areas for good, so nothing else can
 * ever be seen there. Threads of the program can reach them too. What they could write is what they could do to each
 * other anyway, and nothing more: the kernel keeps nothing of its own in these pages, and an area that the processor
 * refuses is an exception of the borrowed instruction.
 */
#include "ring3.h"

#include "arch_priv.h"

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <arch/regs.h>
#include <arch/trap.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/frame.h>
#include <kern/kmalloc.h>
#include <kern/lock.h>
#include <kern/region.h>
#include <kern/string.h>

#define RING3_UVA    (UMAP_SHARED << 39)
#define RING3_SPACE  (1ull << 39)
#define LEGACY_SIZE  576u   /* x87, SSE and the header (Intel SDM vol. 1, 13.4) */
#define CHUNK_PAGES  1u

struct ring3_regs {
	uint64_t rip, rax, rbx, rcx, rdx, rdi;   /* ring3.S knows this order */
};

_Static_assert(offsetof(struct ring3_regs, rdi) == 40, "ring3.S");

extern const char ring3_code[], ring3_code_end[], ring3_save[], ring3_load[], ring3_xcr0[], ring3_cpuid[];
void ring3_enter(struct ring3_regs *regs, uint64_t *sp, void *rsp0);
__attribute__((noreturn)) void ring3_leave(uint64_t sp);

/* Some areas; a bit each that is in use. */
struct chunk {
	struct chunk *next;
	uint8_t *pages;
	uint32_t used;
};

static uint64_t components;    /* that are saved */
static uint64_t code_uva;
static struct chunk *chunks;
static struct spinlock lock = SPINLOCK_INIT;   /* over the chunks and the tables of this part */

/* Where ring 3 sees a page of the kernel's. */
static uint64_t uva_of(const void *page)
{
	return RING3_UVA + va_to_hpa(page);
}

/* Runs one of the instructions; registers in and out. False if it was refused. */
static bool ring3_run(const char *code, struct ring3_regs *regs)
{
	struct cpu *cpu = this_cpu();
	uint64_t rsp0 = cpu->arch.tss.rsp[0], start = code_uva + (uint64_t)(code - ring3_code);

	regs->rip = start;
	cpu->arch.ring3_regs = regs;
	ring3_enter(regs, &cpu->arch.ring3_sp, (uint8_t *)&cpu->arch.tss + offsetof(struct arch_tss, rsp));
	cpu->arch.tss.rsp[0] = rsp0;
	/* UD2 stands behind it. */
	return regs->rip != start;
}

void ring3_exception(const struct trap_frame *frame)
{
	struct arch_cpu *arch = &this_cpu()->arch;
	uint64_t sp = arch->ring3_sp;
	struct ring3_regs *regs = arch->ring3_regs;

	if (!sp)
		return;
	arch->ring3_sp = 0;
	*regs = (struct ring3_regs){ .rip = frame->rip, .rax = frame->rax, .rbx = frame->rbx, .rcx = frame->rcx,
				     .rdx = frame->rdx, .rdi = frame->rdi };
	ring3_leave(sp);
}

void ring3_fpu_save(void *area)
{
	struct ring3_regs regs = { .rax = (uint32_t)components, .rdi = uva_of(area) };

	ring3_run(ring3_save, &regs);
}

bool ring3_fpu_load(const void *area)
{
	struct ring3_regs regs = { .rax = (uint32_t)components, .rdi = uva_of(area) };

	return ring3_run(ring3_load, &regs);
}

/*
 * Pages that ring 3 sees; NULL: no memory, or none that the part has an address for. They stay for good,
 * what is mapped of them when memory ends included.
 */
static uint8_t *pages_make(uint32_t nr, uint32_t prot)
{
	isle_hpa_t hpa = frame_alloc(nr, this_cpu()->node, FRAME_ZERO);
	struct upage page = { .hpa = hpa, .level = 1, .prot = prot };

	if (hpa == FRAME_NONE || hpa >= RING3_SPACE)
		return NULL;
	for (; page.hpa < hpa + nr * FRAME_SIZE; page.hpa += FRAME_SIZE)
		if (umap_set(mmu_root, RING3_UVA + page.hpa, &page))
			return NULL;
	return hpa_to_va(hpa);
}

static struct chunk *chunk_make(void)
{
	struct chunk *c = kmalloc(sizeof(*c));

	if (!c)
		return NULL;
	*c = (struct chunk){ .next = chunks, .pages = pages_make(CHUNK_PAGES, REGION_READ | REGION_WRITE) };
	if (!c->pages) {
		kfree(c);
		return NULL;
	}
	chunks = c;
	return c;
}

void *ring3_area_alloc(void)
{
	struct chunk *c;
	uint32_t i = 0;

	spin_lock(&lock);
	for (c = chunks; c && c->used == (1u << CHUNK_PAGES) - 1; c = c->next)
		;
	if (!c)
		c = chunk_make();
	if (c) {
		i = (uint32_t)__builtin_ctz(~c->used);
		c->used |= 1u << i;
	}
	spin_unlock(&lock);
	return c ? c->pages + i * FRAME_SIZE : NULL;
}

void ring3_area_free(void *area)
{
	struct chunk *c;

	spin_lock(&lock);
	for (c = chunks; c; c = c->next) {
		uint64_t at = (uint64_t)((uint8_t *)area - c->pages) / FRAME_SIZE;

		if (at < CHUNK_PAGES)
			c->used &= ~(1u << at);
	}
	spin_unlock(&lock);
}

/* Where the last of the components ends: CPUID leaf 0xd, one part a component (Intel SDM vol. 1, 13.4.3). */
static uint32_t size_of(uint64_t wanted)
{
	struct ring3_regs regs = { .rax = 0xd, .rcx = 63 - (uint64_t)__builtin_clzll(wanted) };

	return ring3_run(ring3_cpuid, &regs) ? (uint32_t)regs.rbx + (uint32_t)regs.rax : 0;
}

uint64_t ring3_setup(uint64_t wanted, uint32_t *size)
{
	struct ring3_regs regs = { 0 };
	uint8_t *code;

	if (!(boot->flags & ISLE_BOOT_F_SOFT_SYSCALL))
		return 0;
	code = pages_make(1, REGION_READ | REGION_EXEC);
	if (!code)
		return 0;
	memcpy(code, ring3_code, (uint64_t)(ring3_code_end - ring3_code));
	code_uva = uva_of(code);
	if (!ring3_run(ring3_xcr0, &regs) || !(regs.rax & wanted & ~3ull))
		return 0;
	*size = size_of(regs.rax & wanted);
	if (*size >= LEGACY_SIZE && *size <= FRAME_SIZE)
		components = regs.rax & wanted;
	return components;
}
