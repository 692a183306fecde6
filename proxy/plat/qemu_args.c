// SPDX-License-Identifier: MIT
/*
 * qemu_args.c - builds QEMU's command line.
 *
 * The machine is microvm, the least there is: no firmware tables, no buses, nothing that runs a timer. Memory is two
 * pieces, made as two NUMA nodes because that is how QEMU lays several files end to end: one granule of its
 * own at address 0, then the isle's file.
 */
#include "qemu_args.h"

#include <isle/qemu.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3)))
static void add(struct qemu_args *args, const char *format, ...)
{
	size_t room = sizeof(args->text) - args->used;
	va_list list;
	int length;

	if (args->full)
		return;
	va_start(list, format);
	length = vsnprintf(args->text + args->used, room, format, list);
	va_end(list);
	if (length < 0 || (size_t)length >= room || args->nr == QEMU_ARGS_MAX) {
		args->full = true;
		return;
	}
	args->argv[args->nr++] = args->text + args->used;
	args->argv[args->nr] = NULL;
	args->used += (uint32_t)length + 1;
}

/* A comma in a value is written twice. Longer values end early; the paths of images are bounded. */
static const char *commas_doubled(const char *value, char *out, size_t size)
{
	size_t at = 0;

	for (; *value && at + 3 < size; value++) {
		out[at++] = *value;
		if (*value == ',')
			out[at++] = ',';
	}
	out[at] = 0;
	return out;
}

static void machine_add(struct qemu_args *args, const struct qemu_wish *wish, const struct qemu_machine *machine)
{
	add(args, "-machine");
	add(args, "microvm,acpi=off,pic=off,pit=off,rtc=off,isa-serial=off,auto-kernel-cmdline=off");
	add(args, "-accel");
	add(args, "%s", wish->kvm ? "kvm" : "tcg");
	add(args, "-cpu");
	/* MWAIT would be emulated by spinning. */
	add(args, "%s", wish->kvm ? "host" : "max,-monitor");
	add(args, "-smp");
	add(args, "%u,sockets=1,cores=%u,threads=1", machine->nr_cpus, machine->nr_cpus);
}

static void memory_add(struct qemu_args *args, const struct qemu_machine *machine)
{
	unsigned long long low = ISLE_QEMU_LOW, size = machine->mem_size;

	add(args, "-m");
	add(args, "%lluM", (low + size) >> 20);
	add(args, "-object");
	add(args, "memory-backend-ram,id=low,size=%llu", low);
	add(args, "-object");
	add(args, "memory-backend-file,id=isle,size=%llu,mem-path=/proc/self/fd/%d,share=on", size, QEMU_FD_MEM);
	add(args, "-numa");
	add(args, "node,memdev=low");
	add(args, "-numa");
	add(args, "node,memdev=isle");
}

static void devices_add(struct qemu_args *args)
{
	/* First words go to standard output, which is a pipe. */
	add(args, "-chardev");
	add(args, "stdio,id=text,signal=off");
	add(args, "-device");
	add(args, "isa-serial,iobase=%#x,irq=4,chardev=text", ISLE_QEMU_TEXT_PORT);
	add(args, "-chardev");
	add(args, "socket,id=bell,fd=%d", QEMU_FD_BELL);
	add(args, "-device");
	add(args, "isa-serial,iobase=%#x,irq=%u,chardev=bell", ISLE_QEMU_BELL_PORT, ISLE_QEMU_BELL_IRQ);
	add(args, "-device");
	add(args, "isa-debug-exit,iobase=%#x,iosize=4", ISLE_QEMU_EXIT_PORT);
}

static void watchers_add(struct qemu_args *args, const struct qemu_wish *wish)
{
	if (wish->monitor) {
		add(args, "-chardev");
		add(args, "socket,id=monitor,host=127.0.0.1,port=%u,server=on,wait=off,telnet=on", wish->monitor);
		add(args, "-mon");
		add(args, "chardev=monitor,mode=readline");
	}
	if (wish->gdb) {
		add(args, "-gdb");
		add(args, "tcp:127.0.0.1:%u", wish->gdb);
	}
}

static void options_add(struct qemu_args *args, const char *options)
{
	size_t length;

	for (; options && *options; options += length) {
		options += strspn(options, " \t");
		length = strcspn(options, " \t");
		if (length)
			add(args, "%.*s", (int)length, options);
	}
}

int qemu_args_build(struct qemu_args *args, const struct qemu_wish *wish, const struct qemu_machine *machine,
		    struct why *why)
{
	char image[sizeof(wish->path) * 2];

	memset(args, 0, sizeof(*args));
	add(args, "%s", wish->path);
	add(args, "-name");
	add(args, "isle");
	add(args, "-nodefaults");
	add(args, "-no-user-config");
	add(args, "-no-reboot");
	add(args, "-display");
	add(args, "none");
	machine_add(args, wish, machine);
	memory_add(args, machine);
	devices_add(args);
	watchers_add(args, wish);
	add(args, "-kernel");
	add(args, "%s", commas_doubled(machine->image, image, sizeof(image)));
	add(args, "-append");
	add(args, "boot=%llu", (unsigned long long)machine->boot_ipa);
	options_add(args, wish->options);
	return args->full ? why_say(why, -E2BIG, "QEMU's command line gets too long: HERMIT_QEMU_OPTIONS has too much")
			  : 0;
}
