/* SPDX-License-Identifier: MIT */
/*
 * uhyve.h - a monitor on KVM, as thin as an isle allows.
 *
 * The isle kernel needs no devices: memory, CPUs in long mode, their local APICs (in Linux's kernel), one port as a
 * doorbell to Linux (an eventfd) and one interrupt as a doorbell to the isle. So a machine is one thread a CPU, which
 * sits in KVM_RUN and comes back only at the end, and one thread that sleeps on the doorbell.
 *
 * Everything of it is in struct vm, which belongs to a struct isle (isle->own). Threads: the CPUs' touch their
 * own struct vcpu and the memory; vm.lock guards what is said to be under it. vm_close() joins all.
 */
#ifndef PROXY_UHYVE_UHYVE_H
#define PROXY_UHYVE_UHYVE_H

#include "plat/memfd_isle.h"

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* ipa 0 lies at 4 GiB: nothing of a PC is above, so memory is one piece a node. */
#define UHYVE_BASE       (4ull << 30)
/* Slots of guest memory: the isle's extents come first. */
#define UHYVE_SLOT_PINS  (2u * ISLE_MAX_NODES)

/* Why a CPU came back to this process. */
enum exit_kind {
	EXIT_PARK,     /* the port of that name */
	EXIT_PORT,     /* any other port */
	EXIT_MMIO,     /* an address that is no memory */
	EXIT_SIGNAL,   /* it was interrupted by us */
	EXIT_FATAL,    /* the CPU cannot go on */
	EXIT_OTHER,
	NR_EXIT_KINDS
};

struct vm;

struct vcpu {
	struct vm *vm;
	uint32_t row;
	int      fd;             /* -1: not made */
	struct kvm_run *run;
	pthread_t thread;
	bool     started;        /* thread exists */
	uint64_t exits[NR_EXIT_KINDS];
};

/* Linux's pages at an address of the machine: a shared file mapping of the program. */
struct pin_slot {
	struct pin_slot *next;
	uint32_t slot, parts;    /* KVM's number; how many parts of it the isle still maps */
	uint64_t gpa, size;
};

/* A range of program addresses that the isle has mapped to (part of) a slot. */
struct pin_part {
	struct pin_part *next;
	struct pin_slot *slot;
	uint64_t uva, len;
};

struct vm {
	struct memfd_isle isle;  /* first: what is common to memfd isles */
	int      kvm, fd;        /* -1: not open */
	size_t   run_size;
	uint32_t nr_vcpus;
	struct vcpu *vcpu;       /* nr_vcpus of them */
	uint64_t tsc_khz;
	uint32_t boot_flags;     /* ISLE_BOOT_F_NO_*: what the isle kernel must do without */

	int      bell;           /* eventfd: the isle rang, or the bell's thread shall look */
	pthread_t bell_thread;
	bool     bell_started;

	pthread_mutex_t lock;
	pthread_cond_t released; /* the other rows may enter */
	bool     others;         /* under lock: they may */
	bool     stopping;       /* atomic: no CPU enters the machine any more */
	uint32_t running;        /* under lock: CPUs' threads that have not ended */
	bool     ending;         /* under lock: a row has parked, the others must soon */
	uint32_t end_life;       /* under lock: how the machine ended it; ISLE_LIFE_NONE: it did not */
	char     end_why[ISLE_TEXT_SIZE];

	pthread_mutex_t pin_lock; /* guards what follows, and the isle's pin table */
	struct pin_slot *pin_slots;
	struct pin_part *pin_parts;
	uint64_t pins_base, pins_end; /* addresses for them */
	uint32_t max_slots;
	bool     *slot_used;     /* max_slots of them */
};

static inline struct vm *vm_of(const struct isle *isle)
{
	return isle->own;
}

/* What KVM can do here. *why in words if it cannot be used at all. Returns the open /dev/kvm, or -errno. */
int kvm_open(struct why *why);

/* Makes memory and CPUs for isle->plan. 0 or -errno with a sentence in isle->why. */
int vm_create(struct isle *isle);
/* The image is loaded: puts the CPUs at its entry and lets row 0 go. Returns when the isle kernel is up, or not. */
int vm_start(struct isle *isle, uint32_t timeout_ms);
/* Sends ISLE_VECTOR_DOORBELL to a row. -EINVAL: no such row. Any thread. */
int vm_ring(struct vm *vm, uint32_t row);
/*
 * Takes the CPUs back, whatever they do; the first caller's life and sentence count. Does not wait. Any thread.
 */
void vm_end(struct vm *vm, uint32_t life, const char *why);
/* Ends it, joins all threads, gives everything back. Safe in any state of vm_create(). */
void vm_close(struct vm *vm);
/* Moves the machine's descriptors out of the program's way. 0 or -errno. */
int vm_guard(struct isle *isle);

/* vcpu.c: makes a CPU and its registers; what its thread does. 0 or -errno with a sentence. */
int vcpu_create(struct vm *vm, uint32_t row, struct why *why);
int vcpu_reset(struct vcpu *vcpu, struct why *why);
void *vcpu_main(void *vcpu);
void vcpu_close(struct vcpu *vcpu);

/* exits.c: deals with what KVM_RUN came back for. False: the CPU is done. */
bool vcpu_exit(struct vcpu *vcpu, int error);

/* slots.c: isle memory, and Linux's pages, as memory of the machine. */
int slots_add_memory(struct vm *vm, struct why *why);
int slots_pin(struct vm *vm, uint64_t uva, uint64_t *len, bool write);
int slots_unpin(struct vm *vm, uint64_t uva, uint64_t len);
void slots_close(struct vm *vm);

/* confine.c: gives up what the running machine does not need (HERMIT_CONFINE). 0 or -errno with a sentence. */
int confine(struct why *why);

/* stats.c: what KVM counted, summed over all CPUs; 0 where it does not say. */
struct vm_stats {
	uint64_t exits, halt_exits, io_exits, mmio_exits, irq_injections, insn_emulation;
	uint64_t own[NR_EXIT_KINDS];
	uint64_t to_monitor;     /* sum of own */
};
void vm_stats(struct vm *vm, struct vm_stats *stats);
/* Writes them, in words or as one JSON object, a line. */
void vm_stats_print(struct isle *isle, FILE *out, bool json);

#endif
