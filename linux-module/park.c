// SPDX-License-Identifier: GPL-2.0
/*
 * park.c - the park loop's pages and tables, and the mailboxes.
 *
 * The pages are the module's for as long as it is loaded; each CPU of the reserve has one data
 * page more. The park's own tables map everything; an isle's tables map the same addresses, but
 * only its own cores' data pages (isle_park_map), so that a core can change tables either way
 * without changing its instruction pointer.
 *
 * Locks: the tables change under isle_reserve_lock; a mailbox is its core's owner's.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/apicdef.h>
#include <asm/barrier.h>
#include <asm/io.h>

#include <isle/boot.h>

#include "cpu.h"
#include "lapic.h"
#include "park.h"
#include "park_layout.h"

#define MAILBOX_MAGIC 0x4b524150 /* "PARK" */

/* Page table bits: SDM vol. 3, "4-Level Paging". */
#define PTE_P   BIT_ULL(0)
#define PTE_W   BIT_ULL(1)
#define PTE_PWT BIT_ULL(3)
#define PTE_PCD BIT_ULL(4)
#define PTE_NX  BIT_ULL(63)

extern const char isle_park_code[], isle_park_code_end[], isle_park_cr3[], isle_park_faults[];
extern const char isle_park_nmi[], isle_park_mcheck[], isle_park_interrupt[], isle_park_spurious[];

enum page_use {
	CODE, IDT, SPARE, PML4, PDPT, PD, PT0, PT1, LOW_PDPT, LOW_PD, LOW_PT, NR_PAGES_USED
};

static void *page[NR_PAGES_USED];
static void *data[PARK_SLOTS];
static u8 pristine[PAGE_SIZE];

static_assert(PARK_VA == ISLE_PARK_VA);
static_assert(offsetof(struct park_mailbox, state) == MAILBOX_STATE);
static_assert(offsetof(struct park_mailbox, request) == MAILBOX_REQUEST);
static_assert(offsetof(struct park_mailbox, cr3) == MAILBOX_CR3);
static_assert(offsetof(struct park_mailbox, entry) == MAILBOX_ENTRY);
static_assert(offsetof(struct park_mailbox, arg) == MAILBOX_ARG);
static_assert(offsetof(struct park_mailbox, taken) == MAILBOX_TAKEN);
static_assert(offsetof(struct park_mailbox, arrivals) == MAILBOX_ARRIVALS);
static_assert(offsetof(struct park_mailbox, interrupts) == MAILBOX_INTERRUPTS);
static_assert(offsetof(struct park_mailbox, nmis) == MAILBOX_NMIS);
static_assert(offsetof(struct park_mailbox, mchecks) == MAILBOX_MCHECKS);
static_assert(offsetof(struct park_mailbox, vector) == MAILBOX_VECTOR);
static_assert(offsetof(struct park_mailbox, error) == MAILBOX_ERROR);
static_assert(offsetof(struct park_mailbox, rip) == MAILBOX_RIP);
static_assert(offsetof(struct park_mailbox, cr2) == MAILBOX_CR2);
static_assert(sizeof(struct park_mailbox) <= PARK_GDT);
static_assert((PARK_FIRST_PAGE + PARK_SLOTS) == 2 * 512);

static u64 hpa_of(const void *va)
{
	return virt_to_phys((void *)va);
}

/* An entry of the interrupt descriptor table: SDM vol. 3, "64-Bit Mode IDT". */
static void fill_gate(u64 *idt, unsigned int vector, const char *handler, unsigned int ist)
{
	u64 at = PARK_VA + (handler - isle_park_code);

	idt[2 * vector] = (at & 0xffff) | ((u64)PARK_CS << 16) | ((u64)ist << 32) |
			  (0x8eULL << 40) | ((at >> 16 & 0xffff) << 48);
	idt[2 * vector + 1] = at >> 32;
}

static void fill_idt(u64 *idt)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		fill_gate(idt, i, isle_park_faults + 16 * i, 1);
	for (; i < 256; i++)
		fill_gate(idt, i, isle_park_interrupt, 0);
	fill_gate(idt, 2, isle_park_nmi, 2);
	fill_gate(idt, 18, isle_park_mcheck, 3);
	fill_gate(idt, ISLE_VECTOR_SPURIOUS, isle_park_spurious, 0);
}

static void fill_code(void)
{
	u64 cr3 = hpa_of(page[PML4]);

	memcpy(pristine, isle_park_code, isle_park_code_end - isle_park_code);
	memcpy(pristine + (isle_park_cr3 - isle_park_code), &cr3, sizeof(cr3));
	memcpy(page[CODE], pristine, PAGE_SIZE);
}

/* tables: PT0 and PT1, wherever they are. */
static void set_entry(u64 *pt0, u64 *pt1, unsigned int index, u64 entry)
{
	u64 *at = index < 512 ? pt0 + index : pt1 + index - 512;

	WRITE_ONCE(*at, entry);
}

static void map_common(u64 *pt0)
{
	pt0[0] = hpa_of(page[CODE]) | PTE_P;
	pt0[PARK_IDT_OFF / PAGE_SIZE] = hpa_of(page[IDT]) | PTE_P | PTE_NX;
}

/* Slots without a core show a spare page: a wrong mailbox address then harms nobody. */
static void fill_tables(void)
{
	u64 **t = (u64 **)page;
	unsigned int i;

	t[PML4][511] = hpa_of(page[PDPT]) | PTE_P | PTE_W;
	t[PDPT][511] = hpa_of(page[PD]) | PTE_P | PTE_W;
	t[PD][0] = hpa_of(page[PT0]) | PTE_P | PTE_W;
	t[PD][1] = hpa_of(page[PT1]) | PTE_P | PTE_W;
	map_common(t[PT0]);
	if (!isle_lapic_is_x2apic())
		t[PT0][PARK_LAPIC_OFF / PAGE_SIZE] = isle_lapic_hpa() | PTE_P | PTE_W | PTE_PWT |
						     PTE_PCD | PTE_NX;
	for (i = 0; i < PARK_SLOTS; i++)
		set_entry(t[PT0], t[PT1], PARK_FIRST_PAGE + i,
			  hpa_of(page[SPARE]) | PTE_P | PTE_W | PTE_NX);
	t[PML4][0] = hpa_of(page[LOW_PDPT]) | PTE_P | PTE_W;
	t[LOW_PDPT][0] = hpa_of(page[LOW_PD]) | PTE_P | PTE_W;
	t[LOW_PD][0] = hpa_of(page[LOW_PT]) | PTE_P | PTE_W;
}

int isle_park_init(void)
{
	unsigned int i;

	if (isle_park_code_end - isle_park_code > PAGE_SIZE)
		return -E2BIG;
	for (i = 0; i < NR_PAGES_USED; i++) {
		/* The trampoline loads CR3 in 32 bits. */
		gfp_t low = i == PML4 ? GFP_DMA32 : 0;

		page[i] = (void *)__get_free_page(GFP_KERNEL | __GFP_ZERO | low);
		if (!page[i]) {
			isle_park_exit();
			return -ENOMEM;
		}
	}
	fill_code();
	fill_idt(page[IDT]);
	fill_tables();
	return 0;
}

void isle_park_exit(void)
{
	unsigned int i;

	for (i = 0; i < NR_PAGES_USED; i++) {
		free_page((unsigned long)page[i]);
		page[i] = NULL;
	}
}

int isle_park_slot_take(struct isle_rcpu *cpu)
{
	struct page *p;
	unsigned int i;

	for (i = 0; i < PARK_SLOTS && data[i]; i++)
		;
	if (i == PARK_SLOTS)
		return -ENOSPC;
	p = alloc_pages_node(cpu->node, GFP_KERNEL | __GFP_ZERO, 0);
	if (!p)
		return -ENOMEM;
	data[i] = page_address(p);
	cpu->slot = i;
	cpu->mailbox = data[i];
	set_entry(page[PT0], page[PT1], PARK_FIRST_PAGE + i,
		  hpa_of(data[i]) | PTE_P | PTE_W | PTE_NX);
	isle_park_reset(cpu);
	return 0;
}

void isle_park_slot_give_back(struct isle_rcpu *cpu)
{
	if (!cpu->mailbox)
		return;
	set_entry(page[PT0], page[PT1], PARK_FIRST_PAGE + cpu->slot,
		  hpa_of(page[SPARE]) | PTE_P | PTE_W | PTE_NX);
	free_page((unsigned long)data[cpu->slot]);
	data[cpu->slot] = NULL;
	cpu->mailbox = NULL;
}

void isle_park_reset(struct isle_rcpu *cpu)
{
	memset(cpu->mailbox, 0, sizeof(*cpu->mailbox));
	cpu->mailbox->magic = MAILBOX_MAGIC;
	cpu->asked = 0;
}

bool isle_park_repair(void)
{
	if (!memcmp(page[CODE], pristine, PAGE_SIZE))
		return false;
	memcpy(page[CODE], pristine, PAGE_SIZE);
	return true;
}

void isle_park_map_low(u64 hpa)
{
	u64 *pt = page[LOW_PT];

	memset(pt, 0, PAGE_SIZE);
	if (hpa)
		pt[hpa >> PAGE_SHIFT] = hpa | PTE_P | PTE_W;
}

static void request(struct isle_rcpu *cpu, u64 cr3, u64 entry, u64 arg)
{
	struct park_mailbox *box = cpu->mailbox;

	WRITE_ONCE(box->cr3, cr3);
	WRITE_ONCE(box->entry, entry);
	WRITE_ONCE(box->arg, arg);
	/* Pairs with the core's reads (park_code.S, wait), the number first: x86 keeps them. */
	smp_store_release(&box->request, ++cpu->asked);
	isle_lapic_send_fixed(cpu->apic_id, ISLE_VECTOR_PARK);
}

void isle_park_ask(struct isle_rcpu *cpu)
{
	request(cpu, 0, 0, 0);
}

bool isle_park_answered(const struct isle_rcpu *cpu)
{
	return smp_load_acquire(&cpu->mailbox->taken) == cpu->asked &&
	       READ_ONCE(cpu->mailbox->state) == PARK_STATE_PARKED;
}

void isle_park_leave(struct isle_rcpu *cpu, u64 cr3, u64 entry, u64 arg)
{
	request(cpu, cr3, entry, arg);
}

u32 isle_park_state(const struct isle_rcpu *cpu)
{
	return READ_ONCE(cpu->mailbox->state);
}

u64 isle_park_entry_va(void)
{
	return PARK_VA;
}

u64 isle_park_mailbox_va(const struct isle_rcpu *cpu)
{
	return PARK_VA + PARK_DATA_OFF + (u64)cpu->slot * PAGE_SIZE;
}

u32 isle_park_pml4_hpa(void)
{
	return hpa_of(page[PML4]);
}

void isle_park_map(u64 *tables, struct isle_rcpu *const *cpus, unsigned int nr_cpus)
{
	unsigned int i;

	map_common(tables);
	for (i = 0; i < nr_cpus; i++)
		set_entry(tables, tables + 512, PARK_FIRST_PAGE + cpus[i]->slot,
			  hpa_of(cpus[i]->mailbox) | PTE_P | PTE_W | PTE_NX);
}
