// SPDX-License-Identifier: GPL-2.0
/*
 * trampoline.c - INIT, start-up and a borrowed page: how cores come into the park loop.
 *
 * A start-up interrupt begins in real mode on a page below 1 MiB. Linux keeps all of these for
 * itself and hands none out, so one is borrowed: its content is saved, and restored when the last
 * core has passed. CPU hotplug is disabled meanwhile, so Linux starts no core of its own.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/ioport.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/pgtable.h>

#include "cpu.h"
#include "lapic.h"
#include "notify.h"
#include "park.h"
#include "park_layout.h"
#include "trampoline.h"

#define LOW_PAGES_END   0xa0    /* 640 KiB */
#define INIT_WAIT_US    10000   /* SDM vol. 3, "Typical BSP Initialization Sequence" */
#define STARTUP_TRIES   2
#define SPIN_US         2000
#define ARRIVE_MS       4000    /* virtual cores may have to wait long for a real one */

struct trampoline_words {
	u64 sign;       /* 1: in real mode, 2: in 64-bit mode */
	u64 cr3;
	u64 entry;
	u64 mailbox;
};

extern const char isle_trampoline[], isle_trampoline_end[], isle_trampoline_jump[];
extern const char isle_trampoline_gdtr[], isle_trampoline_words[];

static DEFINE_MUTEX(low_lock); /* the low page; innermost of all mutexes */
static unsigned long low_pfn;
static u8 saved[PAGE_SIZE];

/* System RAM that Linux keeps; not executable or read-only, as its own real-mode code is. */
static bool is_usable(unsigned long pfn)
{
	unsigned int level;
	pte_t *pte;

	if (region_intersects(PFN_PHYS(pfn), PAGE_SIZE, IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
			      IORES_DESC_NONE) != REGION_INTERSECTS)
		return false;
	if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
		return false;
	pte = lookup_address((unsigned long)__va(PFN_PHYS(pfn)), &level);
	return pte && (pte_val(*pte) & _PAGE_RW) && (pte_val(*pte) & _PAGE_NX);
}

int isle_trampoline_init(void)
{
	for (low_pfn = LOW_PAGES_END - 1; low_pfn; low_pfn--)
		if (is_usable(low_pfn))
			return 0;
	pr_err(
	       "no page below 640 KiB can be borrowed to start cores: nothing can be started on "
	       "this machine\n");
	return -ENODEV;
}

static struct trampoline_words *place(u8 *low)
{
	u32 base = PFN_PHYS(low_pfn);
	struct trampoline_words *words;

	memcpy(low, isle_trampoline, isle_trampoline_end - isle_trampoline);
	*(u32 *)(low + (isle_trampoline_jump - isle_trampoline)) += base;
	*(u32 *)(low + (isle_trampoline_gdtr + 2 - isle_trampoline)) += base;
	words = (void *)(low + (isle_trampoline_words - isle_trampoline));
	words->cr3 = isle_park_pml4_hpa();
	words->entry = isle_park_entry_va();
	return words;
}

static bool is_parked(const struct isle_rcpu *cpu)
{
	return isle_park_state(cpu) == PARK_STATE_PARKED;
}

/*
 * Normally it is microseconds: too short to sleep. Both bounds are of the clock: where the processor is a virtual one,
 * a delay of 10 us may take as long as a time slice of the host, and a number of them for ever.
 */
static bool wait_for(bool (*is_so)(const struct isle_rcpu *cpu), const struct isle_rcpu *cpu)
{
	u64 begin = ktime_get_ns(), ns = 0;

	while (!is_so(cpu) && ns < ARRIVE_MS * (u64)NSEC_PER_MSEC) {
		if (ns < SPIN_US * (u64)NSEC_PER_USEC)
			udelay(10);
		else
			usleep_range(50, 200);
		ns = ktime_get_ns() - begin;
	}
	return is_so(cpu);
}

/* One core through the trampoline. It has left the low page when it shows up in the loop. */
static bool pass(struct isle_rcpu *cpu, struct trampoline_words *words)
{
	unsigned int try;

	isle_park_reset(cpu);
	words->mailbox = isle_park_mailbox_va(cpu);
	WRITE_ONCE(words->sign, 0);
	wmb();
	for (try = 0; try < STARTUP_TRIES && !isle_is_dead(); try++) {
		/* A second one only without any sign of life: SDM. */
		if (!READ_ONCE(words->sign))
			isle_lapic_send_startup(cpu->apic_id, low_pfn);
		if (wait_for(is_parked, cpu))
			break;
	}
	if (!is_parked(cpu))
		return false;
	isle_park_ask(cpu);
	return wait_for(isle_park_answered, cpu);
}

static void send_inits(struct isle_rcpu *const *cpus, unsigned int nr, u32 state)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (cpus[i]->state != state)
			isle_lapic_send_init(cpus[i]->apic_id);
	usleep_range(INIT_WAIT_US, INIT_WAIT_US + 500);
	for (i = 0; i < nr; i++)
		if (cpus[i]->state != state)
			isle_lapic_end_init(cpus[i]->apic_id);
}

static unsigned int bring_once(struct isle_rcpu *const *cpus, unsigned int nr,
			       struct trampoline_words *words)
{
	unsigned int i, lost = 0;

	send_inits(cpus, nr, ISLE_RCPU_PARKED);
	for (i = 0; i < nr; i++) {
		if (cpus[i]->state == ISLE_RCPU_PARKED)
			continue;
		if (pass(cpus[i], words)) {
			cpus[i]->state = ISLE_RCPU_PARKED;
			continue;
		}
		/* If it wakes up late it must not go through with the next one's mailbox. */
		isle_lapic_send_init(cpus[i]->apic_id);
		lost++;
	}
	return lost;
}

unsigned int isle_trampoline_bring(struct isle_rcpu *const *cpus, unsigned int nr)
{
	struct trampoline_words *words;
	unsigned int i, lost;
	u8 *low;

	if (!nr)
		return 0;
	mutex_lock(&low_lock);
	for (i = 0; i < nr; i++)
		cpus[i]->state = ISLE_RCPU_LOST;
	if (isle_park_repair())
		pr_err(
		       "the park loop's code was overwritten, which only an isle kernel can do: "
		       "written anew. Do not start that isle kernel again\n");
	low = __va(PFN_PHYS(low_pfn));
	cpu_hotplug_disable();
	memcpy(saved, low, PAGE_SIZE);
	words = place(low);
	isle_park_map_low(PFN_PHYS(low_pfn));
	lost = bring_once(cpus, nr, words);
	if (lost && !isle_is_dead())
		lost = bring_once(cpus, nr, words);
	isle_park_map_low(0);
	memcpy(low, saved, PAGE_SIZE);
	cpu_hotplug_enable();
	mutex_unlock(&low_lock);
	return lost;
}
