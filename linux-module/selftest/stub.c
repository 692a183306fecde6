// SPDX-License-Identifier: GPL-2.0
/*
 * stub.c - the smallest isle kernel: obeys abi/isle/boot.h, and misbehaves on request.
 *
 * For trying the module alone. Words of its command line:
 *	stop      stop by itself when up          panic     say so, and halt
 *	hang      spin, deaf                      silent    never say anything
 *	garbage   overwrite all it shares with Linux, then spin
 *	fault     a page fault before it has tables of its own
 *	mailbox   overwrite its own core's mailbox and descriptors, then park
 *
 *	gcc -O2 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none -mcmodel=kernel \
 *	    -mno-red-zone -mgeneral-regs-only -I../../abi -nostdlib -static -Wl,--build-id=none \
 *	    -Wl,-T,stub.lds -o stub stub.c
 */
#include <isle/boot.h>
#include <isle/image.h>
#include <isle/log.h>

#define AT(ipa) ((void *)(ISLE_KBASE + (ipa)))
#define LAPIC_VA (ISLE_KBASE + 0x3fe00000ull)
#define APICBASE 0x1b

static const struct {
	struct isle_elf_note n;
	char name[12];
	struct isle_image_note desc;
} note __attribute__((section(".note.isle"), used, aligned(4))) = {
	{ 12, sizeof(struct isle_image_note), ISLE_NOTE_TYPE }, ISLE_NOTE_NAME,
	{ ISLE_ABI_REVISION, 1u << ISLE_PLAT_MULTI, 0x10000 },
};

static char stacks[16][4096] __attribute__((aligned(4096), used));
static struct isle_boot *boot;

void enter(struct isle_boot *b, unsigned int row);

/* Each core takes the stack of its APIC id; there is no other order among them yet. */
__asm__(".section .text.start, \"ax\"\n"
	".globl _start\n"
	"_start:\n"
	"	mov %rdi, %r8\n"
	"	mov $1, %eax\n"
	"	cpuid\n"
	"	shr $24, %ebx\n"
	"	mov %ebx, %esi\n"
	"	and $15, %ebx\n"
	"	inc %ebx\n"
	"	shl $12, %rbx\n"
	"	lea stacks(%rip), %rsp\n"
	"	add %rbx, %rsp\n"
	"	mov %r8, %rdi\n"
	"	xor %ebp, %ebp\n"
	"	call enter\n"
	"1:	cli\n"
	"	hlt\n"
	"	jmp 1b\n"
	".text\n");

static uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | (uint64_t)high << 32;
}

/* The local APIC's page goes into the loader's table of 2 MiB pages, in its last entry. */
static void map_lapic(void)
{
	struct isle_extent *e = AT(boot->extents_ipa);
	uint64_t cr3, *t;

	__asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
	t = AT(cr3 - e->hpa);
	t = AT((t[511] & ~0xfffull) - e->hpa);
	t = AT((t[510] & ~0xfffull) - e->hpa);
	t[511] = 0xfee00000ull | 0x9b;
	__asm__ volatile("mov %0, %%cr3" :: "r"(cr3) : "memory");
}

static void ring(uint64_t reason)
{
	volatile uint32_t *lapic = (void *)LAPIC_VA;
	uint64_t route;

	__atomic_fetch_or(&boot->bell, reason, __ATOMIC_SEQ_CST);
	route = __atomic_load_n(&boot->route, __ATOMIC_ACQUIRE);
	if (route == ISLE_ROUTE_NONE)
		return;
	if (rdmsr(APICBASE) & 0x400) {
		__asm__ volatile("mfence; lfence; wrmsr" :: "c"(0x830),
				 "a"(0x4000 | ISLE_ROUTE_VECTOR(route)),
				 "d"(ISLE_ROUTE_APIC_ID(route)));
		return;
	}
	lapic[0x310 / 4] = ISLE_ROUTE_APIC_ID(route) << 24;
	lapic[0x300 / 4] = 0x4000 | ISLE_ROUTE_VECTOR(route);
}

static void say(const char *text, unsigned int level)
{
	struct isle_log *log = AT(boot->log_ipa);
	struct isle_log_record *rec;
	uint64_t head = log->head;
	unsigned int n = 0;

	rec = (void *)((char *)(log + 1) + head % log->data_size);
	for (; text[n]; n++)
		((char *)(rec + 1))[n] = text[n];
	rec->text_size = n;
	rec->size = (sizeof(*rec) + n + 7) & ~7u;
	rec->level = level;
	__atomic_store_n(&log->head, head + rec->size, __ATOMIC_RELEASE);
	ring(ISLE_BELL_LOG);
}

static int wants(const char *word)
{
	const char *c = AT(boot->cmdline_ipa);
	unsigned int i;

	for (; *c; c++) {
		for (i = 0; word[i] && c[i] == word[i]; i++)
			;
		if (!word[i])
			return 1;
	}
	return 0;
}

static void set_state(uint32_t state)
{
	__atomic_store_n(&boot->state, state, __ATOMIC_RELEASE);
	ring(ISLE_BELL_STATE);
}

static void park(struct isle_cpu *row)
{
	void (*entry)(uint64_t) = (void *)boot->park_entry;

	row->state = ISLE_CPU_PARKING;
	entry(row->mailbox_va);
}

static void fill(void *at, uint64_t size)
{
	uint64_t *p = at, i;

	for (i = 0; i < size / 8; i++)
		p[i] = 0xa5a5a5a5a5a5a5a5ull * (i + 1);
}

static void make_garbage(void)
{
	uint64_t log = boot->log_ipa, log_size = boot->log_size;

	fill(AT(boot->granules_ipa), boot->mem_size / ISLE_GRANULE_SIZE);
	fill(AT(boot->counters_ipa), boot->nr_cpus * 4096);
	fill(AT(boot->cpus_ipa), boot->nr_cpus * sizeof(struct isle_cpu));
	fill(AT(boot->extents_ipa), boot->nr_extents * sizeof(struct isle_extent));
	ring(ISLE_BELL_LOG | ISLE_BELL_STATE | ISLE_BELL_CALL);
	fill(boot, sizeof(*boot));
	fill(AT(log), log_size);
}

static void misbehave(struct isle_cpu *row)
{
	if (wants("mailbox")) {
		set_state(ISLE_STATE_STOPPED);
		fill((void *)row->mailbox_va, 2048);
		park(row);
	}
	if (wants("panic")) {
		say("the stub panics as it was told", ISLE_LOG_ERROR);
		set_state(ISLE_STATE_PANICKED);
		__asm__ volatile("cli; hlt");
	}
	if (wants("garbage"))
		make_garbage();
	while (wants("hang") || wants("garbage"))
		__asm__ volatile("pause");
}

static struct isle_cpu *find_row(unsigned int apic_id, unsigned int *nr)
{
	struct isle_cpu *row = AT(boot->cpus_ipa);

	for (*nr = 0; row[*nr].apic_id != apic_id; (*nr)++)
		;
	return row + *nr;
}

static void run_others(struct isle_cpu *rows)
{
	unsigned int i;

	set_state(ISLE_STATE_BOOTING_CPUS);
	for (i = 1; i < boot->nr_cpus; i++)
		while (__atomic_load_n(&rows[i].state, __ATOMIC_ACQUIRE) < ISLE_CPU_UP)
			__asm__ volatile("pause");
	boot->cpus_up = boot->nr_cpus;
}

void enter(struct isle_boot *b, unsigned int apic_id)
{
	struct isle_cpu *row;
	unsigned int nr;

	boot = b;
	row = find_row(apic_id, &nr);
	if (nr == 0) {
		if (wants("fault"))
			*(volatile int *)0x1234 = 0;
		if (wants("silent"))
			for (;;)
				__asm__ volatile("pause");
		map_lapic();
		set_state(ISLE_STATE_BOOTING);
		say("the stub speaks", ISLE_LOG_INFO);
		run_others(row);
		set_state(ISLE_STATE_UP);
		misbehave(row);
	}
	__atomic_store_n(&row->state, ISLE_CPU_UP, __ATOMIC_RELEASE);
	while (!(__atomic_load_n(&b->request, __ATOMIC_ACQUIRE) & ISLE_REQUEST_STOP) &&
	       !wants("stop"))
		__asm__ volatile("pause");
	if (nr == 0) {
		boot->exit_code = 0x700;
		set_state(ISLE_STATE_STOPPED);
	}
	park(row);
}
