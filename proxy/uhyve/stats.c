// SPDX-License-Identifier: MIT
/*
 * stats.c - what KVM counted, by name, from each CPU's statistics file (Linux, Documentation/virt/kvm/api.rst,
 * KVM_GET_STATS_FD), and what this process counted.
 */
#include "uhyve.h"

#include "json.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NAME_MAX_SIZE  128u
#define DESC_MAX       512u

static const char *const exit_names[NR_EXIT_KINDS] = { "park", "port", "mmio", "signal", "fatal", "other" };

static const struct {
	const char *name;
	size_t at;
} wanted[] = {
	{ "exits", offsetof(struct vm_stats, exits) },
	{ "halt_exits", offsetof(struct vm_stats, halt_exits) },
	{ "io_exits", offsetof(struct vm_stats, io_exits) },
	{ "mmio_exits", offsetof(struct vm_stats, mmio_exits) },
	{ "irq_injections", offsetof(struct vm_stats, irq_injections) },
	{ "insn_emulation", offsetof(struct vm_stats, insn_emulation) },
};

static void value_add(struct vm_stats *stats, const char *name, uint64_t value)
{
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strcmp(name, wanted[i].name))
			*(uint64_t *)(void *)((char *)stats + wanted[i].at) += value;
}

/* Adds one file's counters. */
static void file_add(int fd, struct vm_stats *stats)
{
	struct kvm_stats_header head;
	struct kvm_stats_desc *desc;
	uint64_t value;
	size_t size;
	uint32_t i;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) || head.name_size > NAME_MAX_SIZE ||
	    head.num_desc > DESC_MAX)
		return;
	size = sizeof(*desc) + head.name_size;
	desc = calloc(1, size + 1);
	for (i = 0; desc && i < head.num_desc; i++) {
		if (pread(fd, desc, size, (off_t)(head.desc_offset + i * size)) != (ssize_t)size)
			break;
		if (pread(fd, &value, sizeof(value), (off_t)(head.data_offset + desc->offset)) != sizeof(value))
			break;
		value_add(stats, desc->name, value);
	}
	free(desc);
}

void vm_stats(struct vm *m, struct vm_stats *stats)
{
	uint32_t row, kind;

	memset(stats, 0, sizeof(*stats));
	for (row = 0; row < m->nr_vcpus; row++) {
		int fd = m->vcpu[row].fd < 0 ? -1 : ioctl(m->vcpu[row].fd, KVM_GET_STATS_FD, 0);

		if (fd >= 0) {
			file_add(fd, stats);
			close(fd);
		}
		for (kind = 0; kind < NR_EXIT_KINDS; kind++) {
			stats->own[kind] += m->vcpu[row].exits[kind];
			stats->to_monitor += m->vcpu[row].exits[kind];
		}
	}
}

static void print_json(const struct vm_stats *stats, uint64_t bells, FILE *out)
{
	struct json json;
	uint32_t kind;

	json_begin(&json, out, true);
	json_object(&json, NULL);
	json_string(&json, "platform", "uhyve");
	json_unsigned(&json, "monitor_exits", stats->to_monitor);
	for (kind = 0; kind < NR_EXIT_KINDS; kind++)
		json_unsigned(&json, exit_names[kind], stats->own[kind]);
	json_unsigned(&json, "doorbells", bells);
	json_unsigned(&json, "kvm_exits", stats->exits);
	json_unsigned(&json, "kvm_halt_exits", stats->halt_exits);
	json_unsigned(&json, "kvm_io_exits", stats->io_exits);
	json_unsigned(&json, "kvm_mmio_exits", stats->mmio_exits);
	json_unsigned(&json, "kvm_irq_injections", stats->irq_injections);
	json_unsigned(&json, "kvm_insn_emulation", stats->insn_emulation);
	json_object_end(&json);
	json_end(&json);
}

void vm_stats_print(struct isle *isle, FILE *out, bool json)
{
	struct vm *m = vm_of(isle);
	struct vm_stats stats;
	uint32_t kind;

	vm_stats(m, &stats);
	if (json) {
		print_json(&stats, m->isle.bells, out);
		return;
	}
	fprintf(out, "isle-run: uhyve: %llu exits to the monitor (", (unsigned long long)stats.to_monitor);
	for (kind = 0; kind < NR_EXIT_KINDS; kind++)
		fprintf(out, "%s%s %llu", kind ? ", " : "", exit_names[kind], (unsigned long long)stats.own[kind]);
	fprintf(out, "), %llu doorbells; KVM counted %llu exits (%llu of HLT, %llu of ports), emulated %llu "
		"instructions\n", (unsigned long long)m->isle.bells, (unsigned long long)stats.exits,
		(unsigned long long)stats.halt_exits, (unsigned long long)stats.io_exits,
		(unsigned long long)stats.insn_emulation);
}
