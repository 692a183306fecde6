// SPDX-License-Identifier: MIT
/*
 * count.c - a plugin of QEMU that counts the instructions that each CPU executes between two marks (marks.h).
 *
 *     qemu-system-x86_64 ... -plugin count.so,out=FILE
 *
 * Each item adds a line to FILE: kind, CPU, instructions at addresses of programs and at those of kernels. Time has
 * no part in it: a CPU that waits for its turn on the host executes nothing. A repeated string instruction counts once
 * a repetition, so processors without ERMS and FSRM are counted on. Each CPU's numbers are written by its own thread.
 *
 * QEMU's header for plugins is not packaged by Debian; what is needed of version 1 of the interface (until QEMU 8.2) is
 * declared here.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MARKS_NAMES_ONLY
#include "marks.h"

#define EXPORT     __attribute__((visibility("default")))
#define MAX_CPUS   64

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
enum { CB_NO_REGS };
typedef uint64_t plugin_id;
typedef void (*vcpu_cb)(unsigned int cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, vcpu_cb cb, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, vcpu_cb cb, int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info *info, int argc, char **argv);

/* Index 0: programs, 1: kernels. */
struct cpu {
	uint64_t all[2];     /* since it started */
	uint64_t begin[2];   /* all at MARK_BEGIN */
	uint64_t item[2];    /* of this item */
	unsigned int kind;
	int counting;
} __attribute__((aligned(128)));

static struct cpu cpus[MAX_CPUS];
static FILE *out;

static void block_run(unsigned int index, void *data)
{
	uintptr_t d = (uintptr_t)data;

	if (index < MAX_CPUS)
		cpus[index].all[d & 1] += d >> 1;
}

static void item_end(unsigned int index, struct cpu *c)
{
	/* One call writes it, and stdio locks: lines of two CPUs do not mix. */
	fprintf(out, "%u %u %llu %llu\n", c->kind, index, (unsigned long long)c->item[0],
		(unsigned long long)c->item[1]);
	fflush(out);
	memset(c->item, 0, sizeof(c->item));
}

/* data: the command, and how many instructions of its block, which has been counted as a whole, come after the mark. */
static void mark_run(unsigned int index, void *data)
{
	uint64_t after = (uintptr_t)data >> 8;
	struct cpu *c;
	int k;

	if (index >= MAX_CPUS)
		return;
	c = &cpus[index];
	switch ((enum mark)((uintptr_t)data & 0xff)) {
	case MARK_KIND_0:
		c->kind = 0;
		c->counting = 0;
		memset(c->item, 0, sizeof(c->item));
		break;
	case MARK_KIND_NEXT:
		c->kind++;
		break;
	case MARK_BEGIN:
		c->counting = 1;
		memcpy(c->begin, c->all, sizeof(c->begin));
		c->begin[0] -= after;
		break;
	case MARK_END:
		for (k = 0; k < 2 && c->counting; k++)
			c->item[k] += c->all[k] - c->begin[k];
		/* The mark itself does not count. */
		c->item[0] -= c->counting ? after + 1 : 0;
		c->counting = 0;
		break;
	case MARK_ITEM:
		item_end(index, c);
		break;
	}
}

/* The command of a mark, or 0. */
static unsigned int mark_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t nop[3] = { 0x0f, 0x1f, 0x80 };
	const uint8_t *bytes = qemu_plugin_insn_data(insn);
	uint32_t value;

	if (qemu_plugin_insn_size(insn) != 7 || memcmp(bytes, nop, sizeof(nop)) != 0)
		return 0;
	memcpy(&value, bytes + 3, sizeof(value));
	return (value & ~0xffu) == MARK_MAGIC ? value & 0xff : 0;
}

static void block_made(plugin_id id, struct qemu_plugin_tb *tb)
{
	uint64_t kernel = qemu_plugin_tb_vaddr(tb) >> 63;
	size_t n = qemu_plugin_tb_n_insns(tb), i;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, block_run, CB_NO_REGS, (void *)(uintptr_t)(n << 1 | kernel));
	for (i = 0; i < n && !kernel; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		unsigned int command = mark_of(insn);

		if (command)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark_run, CB_NO_REGS,
				(void *)(uintptr_t)((n - i - 1) << 8 | command));
	}
}

EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) != 0) {
		fprintf(stderr, "count: -plugin count.so wants out=FILE\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_made);
	return 0;
}
