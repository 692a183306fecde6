// SPDX-License-Identifier: MIT
/*
 * negative_rows.c - the tables of negative.c. The errno are those of abi/isle/ioctl.h.
 */
#include "negative.h"

#define END  { .what = NULL }

/* RESERVE without a reserve; default: both far cores, 64 MiB of node 1. */
#define R(text, error, ...)  { .what = text, .cmd = ISLE_IOC_RESERVE, .err = -(error), __VA_ARGS__ }
#define ONE(...)      .change = { SET(__VA_ARGS__) }
#define TWO(a, b)     .change = { a, b }

const struct row rows_no_reserve[] = {
	R("nothing asked", EINVAL, .cpus = "", ONE(isle_reserve, nr_mem, 0)),
	R("CPU 0", EINVAL, .cpus = "0"),
	R("CPU 0 among others", EINVAL, .cpus = "0-1"),
	R("a CPU that is not there", EINVAL, .cpus = "200"),
	R("the last CPU of the set", EINVAL, .cpus = "1023"),
	R("two nodes without SPAN", EINVAL, .cpus = "span"),
	R("dry run of two nodes without SPAN", EINVAL, .cpus = "span",
	  ONE(isle_reserve, flags, ISLE_RESERVE_F_DRY_RUN)),
	R("a size of half a granule", EINVAL, ONE(isle_reserve, mem_ptr, MEM(MEM_UNALIGNED))),
	R("a node that is not there", EINVAL, ONE(isle_reserve, mem_ptr, MEM(MEM_NODE))),
	R("more memory than there is, strict", ENOMEM,
	  TWO(SET(isle_reserve, mem_ptr, MEM(MEM_HUGE)),
	      SET(isle_reserve, flags, ISLE_RESERVE_F_STRICT))),
	R("sizes whose sum wraps, strict", ENOMEM,
	  TWO(SET(isle_reserve, mem_ptr, MEM(MEM_WRAP)),
	      SET(isle_reserve, flags, ISLE_RESERVE_F_STRICT))),
	R("a reserved field of the memory", EINVAL, ONE(isle_reserve, mem_ptr, MEM(MEM_RESERVED))),
	R("65 nodes", E2BIG, ONE(isle_reserve, nr_mem, ISLE_MAX_NODES + 1)),
	R("4 billion nodes", E2BIG, ONE(isle_reserve, nr_mem, 0xffffffff)),
	R("memory at NULL", EFAULT, ONE(isle_reserve, mem_ptr, 0)),
	R("memory at no mapping", EFAULT, ONE(isle_reserve, mem_ptr, AT_NOTHING)),
	R("memory at the end of the mapping", EFAULT,
	  TWO(SET(isle_reserve, mem_ptr, AT_NOTHING - 16), SET(isle_reserve, nr_mem, 2))),
	R("memory at a kernel address", EFAULT, ONE(isle_reserve, mem_ptr, AT_KERNEL)),
	R("memory at no canonical address", EFAULT, ONE(isle_reserve, mem_ptr, AT_HOLE)),
	R("memory on a read-only page", EFAULT, ONE(isle_reserve, mem_ptr, AT_RO)),
	R("unknown flag 3", EINVAL, ONE(isle_reserve, flags, 1u << 3)),
	R("unknown flag 31", EINVAL, ONE(isle_reserve, flags, 1u << 31)),
	R("reserved[0]", EINVAL, ONE(isle_reserve, reserved[0], 1)),
	R("reserved[2]", EINVAL, ONE(isle_reserve, reserved[2], 1ull << 63)),
	END
};

/* A reserve is there, the file has no isle; default: one far core, 32 MiB of node 1. */
#define C(text, error, ...)  { .what = text, .cmd = ISLE_IOC_CREATE, .err = -(error), __VA_ARGS__ }
#define X(name, text, error, ...) \
	{ .what = text, .cmd = ISLE_IOC_##name, .err = -(error), __VA_ARGS__ }

const struct row rows_open[] = {
	R("reserved already", EEXIST, .cpus = "far"),
	R("reserved already, in part", EEXIST, .cpus = "far0"),
	C("no CPUs", EINVAL, .cpus = ""),
	C("CPU 0, which is Linux's", EINVAL, .cpus = "0"),
	C("a CPU that is not there", EINVAL, .cpus = "200"),
	C("the last CPU of the set", EINVAL, .cpus = "1023"),
	C("two nodes without SPAN", EINVAL, .cpus = "span"),
	C("memory of another node without SPAN", EINVAL, ONE(isle_create, mem_ptr, MEM(MEM_OTHER))),
	C("more cores than there are", EBUSY, .cpus = "", ONE(isle_create, nr_cpus, 100)),
	C("4 billion cores", EBUSY, .cpus = "", ONE(isle_create, nr_cpus, 0xffffffff)),
	C("more cores of a node than there are", EBUSY, .cpus = "",
	  TWO(SET(isle_create, nr_cpus, 2), SET(isle_create, node, 0))),
	C("no memory", EINVAL, ONE(isle_create, nr_mem, 0)),
	C("a size of 0", EINVAL, ONE(isle_create, mem_ptr, MEM(MEM_ZERO))),
	C("a size of half a granule", EINVAL, ONE(isle_create, mem_ptr, MEM(MEM_UNALIGNED))),
	C("more memory than there is", ENOMEM, ONE(isle_create, mem_ptr, MEM(MEM_HUGE))),
	C("an enormous size", ENOMEM, ONE(isle_create, mem_ptr, MEM(MEM_WRAP))),
	C("a reserved field of the memory", EINVAL, ONE(isle_create, mem_ptr, MEM(MEM_RESERVED))),
	C("65 nodes", E2BIG, ONE(isle_create, nr_mem, ISLE_MAX_NODES + 1)),
	C("memory at NULL", EFAULT, ONE(isle_create, mem_ptr, 0)),
	C("memory at no mapping", EFAULT, ONE(isle_create, mem_ptr, AT_NOTHING)),
	C("memory at a kernel address", EFAULT, ONE(isle_create, mem_ptr, AT_KERNEL)),
	C("unknown flag", EINVAL, ONE(isle_create, flags, 1u << 1)),
	C("unknown flag 31", EINVAL, ONE(isle_create, flags, 1u << 31)),
	C("reserved0", EINVAL, ONE(isle_create, reserved0, 1)),
	C("reserved[3]", EINVAL, ONE(isle_create, reserved[3], 1)),
	X(RELEASE, "reserved0", EINVAL, ONE(isle_release, reserved0, 1)),
	X(RELEASE, "reserved[3]", EINVAL, ONE(isle_release, reserved[3], 1)),
	X(STAT, "isle 0", ENOENT, ONE(isle_stat, isle_id, 0)),
	X(STAT, "an isle that is not there", ENOENT, ONE(isle_stat, isle_id, 0xffffffff)),
	X(LOG, "an isle that is not there", ENOENT, ONE(isle_log_read, isle_id, 0xffffffff)),
	X(COUNTERS, "an isle that is not there", ENOENT,
	  ONE(isle_counters_read, isle_id, 0xffffffff)),
	X(LIST, "reserved", EINVAL, ONE(isle_list, reserved, 1)),
	X(RESERVED, "reserved", EINVAL, ONE(isle_reserved, reserved, 1)),
	X(RESERVED, "CPUs at NULL", EFAULT, ONE(isle_reserved, cpus_ptr, 0)),
	X(RESERVED, "CPUs at a kernel address", EFAULT, ONE(isle_reserved, cpus_ptr, AT_KERNEL)),
	X(RESERVED, "CPUs on a read-only page", EFAULT, ONE(isle_reserved, cpus_ptr, AT_RO)),
	X(RESERVED, "extents at no mapping", EFAULT, ONE(isle_reserved, extents_ptr, AT_NOTHING)),
	END
};

const struct row rows_created[] = {
	X(LOAD, "no file", EBADF, ONE(isle_load, image_fd, (uint32_t)-1)),
	X(LOAD, "a file number that is not open", EBADF, ONE(isle_load, image_fd, 9999)),
	X(LOAD, "unknown flag", EINVAL, ONE(isle_load, flags, 1)),
	X(LOAD, "reserved[2]", EINVAL, ONE(isle_load, reserved[2], 1)),
	X(LOAD, "command line at no mapping", EFAULT, ONE(isle_load, cmdline_ptr, AT_NOTHING)),
	X(LOAD, "command line at a kernel address", EFAULT, ONE(isle_load, cmdline_ptr, AT_KERNEL)),
	X(LOAD, "command line too long", ENAMETOOLONG, ONE(isle_load, cmdline_ptr, AT_LONG)),
	END
};

const struct row rows_loaded[] = {
	X(START, "more time than allowed", EINVAL, ONE(isle_start, timeout_ms,
						       ISLE_TIMEOUT_MAX_MS + 1)),
	X(START, "for ever", EINVAL, ONE(isle_start, timeout_ms, 0xffffffff)),
	X(START, "unknown flag", EINVAL, ONE(isle_start, flags, 1)),
	X(START, "reserved[1]", EINVAL, ONE(isle_start, reserved[1], 1)),
	X(STOP, "unknown flag", EINVAL, ONE(isle_stop, flags, 1u << 1)),
	END
};

const struct row rows_running[] = {
	X(RELEASE, "an isle exists", EBUSY, ONE(isle_release, reserved0, 0)),
	X(STOP, "unknown flag", EINVAL, ONE(isle_stop, flags, 1u << 1)),
	X(STOP, "unknown flag 31", EINVAL, ONE(isle_stop, flags, 1u << 31)),
	X(STOP, "reserved0", EINVAL, ONE(isle_stop, reserved0, 1)),
	X(STOP, "reserved[0]", EINVAL, ONE(isle_stop, reserved[0], 1)),
	X(RING, "the row behind the last", EINVAL, ONE(isle_ring, cpu, 1)),
	X(RING, "row 4 billion", EINVAL, ONE(isle_ring, cpu, 0xffffffff)),
	X(RING, "reserved", EINVAL, ONE(isle_ring, reserved, 1)),
	X(STAT, "reserved[0]", EINVAL, ONE(isle_stat, reserved[0], 1)),
	X(STAT, "reserved[2]", EINVAL, ONE(isle_stat, reserved[2], 1)),
	X(LOG, "no room", EINVAL, ONE(isle_log_read, size, 0)),
	X(LOG, "not enough room for a record", EINVAL, ONE(isle_log_read, size,
							   ISLE_LOG_RECORD_MAX - 1)),
	X(LOG, "unknown flag", EINVAL, ONE(isle_log_read, flags, 1u << 1)),
	X(LOG, "reserved", EINVAL, ONE(isle_log_read, reserved, 1)),
	X(LOG, "to NULL", EFAULT, ONE(isle_log_read, buf_ptr, 0)),
	X(LOG, "to no mapping", EFAULT, ONE(isle_log_read, buf_ptr, AT_NOTHING)),
	X(LOG, "to a kernel address", EFAULT, ONE(isle_log_read, buf_ptr, AT_KERNEL)),
	X(LOG, "to a read-only page", EFAULT, ONE(isle_log_read, buf_ptr, AT_RO)),
	X(COUNTERS, "to NULL", EFAULT, ONE(isle_counters_read, buf_ptr, 0)),
	X(COUNTERS, "to no mapping", EFAULT, ONE(isle_counters_read, buf_ptr, AT_NOTHING)),
	X(COUNTERS, "to a kernel address", EFAULT, ONE(isle_counters_read, buf_ptr, AT_KERNEL)),
	X(COUNTERS, "to a read-only page", EFAULT, ONE(isle_counters_read, buf_ptr, AT_RO)),
	X(LIST, "to NULL", EFAULT, ONE(isle_list, ids_ptr, 0)),
	X(LIST, "to a kernel address", EFAULT, ONE(isle_list, ids_ptr, AT_KERNEL)),
	X(LIST, "to a read-only page", EFAULT, ONE(isle_list, ids_ptr, AT_RO)),
	X(CREATE, "a CPU of another isle", EBADFD, ONE(isle_create, reserved0, 0)),
	X(WAIT, "no such slot", EINVAL, ONE(isle_wait, slot, 0xffffffff)),
	X(WAIT, "nothing comes", ETIME, ONE(isle_wait, timeout_ms, 20)),
	X(PIN, "not page-aligned", EINVAL, ONE(isle_pin, uva, AT_SHARED + 8)),
	X(PIN, "not a shared mapping", EINVAL, ONE(isle_pin, uva, AT_BUFFER)),
	X(PIN, "not mapped", EFAULT, ONE(isle_pin, uva, AT_NOTHING)),
	X(PIN, "a kernel address", EFAULT, ONE(isle_pin, uva, AT_KERNEL)),
	X(PIN, "unknown flag", EINVAL, ONE(isle_pin, flags, 1u << 1)),
	X(PIN, "reserved", EINVAL, ONE(isle_pin, reserved, 1)),
	X(UNPIN, "not page-aligned", EINVAL, ONE(isle_pin, uva, AT_SHARED + 8)),
	X(UNPIN, "reserved", EINVAL, ONE(isle_pin, reserved, 1)),
	X(DIRTY, "not page-aligned", EINVAL, ONE(isle_pin, uva, AT_SHARED + 8)),
	X(DIRTY, "reserved", EINVAL, ONE(isle_pin, reserved, 1)),
	END
};

#define CMD(name, stage, writes, ...)  { #name, ISLE_IOC_##name, stage, writes, { __VA_ARGS__ } }

/* Errors in the states OPEN, CREATED, LOADED, RUNNING. */
const struct command commands[] = {
	CMD(INFO, STAGE_OPEN, 1, 1, 1, 1, 1),
	CMD(WHY, STAGE_OPEN, 1, 1, 1, 1, 1),
	CMD(RESERVE, STAGE_OPEN, 1, 1, 1, 1, 1),
	CMD(RELEASE, STAGE_OPEN, 1, 1, -EBUSY, -EBUSY, -EBUSY),
	CMD(CREATE, STAGE_OPEN, 1, 1, -EBADFD, -EBADFD, -EBADFD),
	CMD(LOAD, STAGE_CREATED, 1, -ENODEV, 1, -EBADFD, -EBADFD),
	CMD(START, STAGE_LOADED, 1, -ENODEV, -EBADFD, 1, -EBADFD),
	CMD(STOP, STAGE_RUNNING, 1, -ENODEV, -EBADFD, 1, 1),
	CMD(RING, STAGE_RUNNING, 0, -ENODEV, -EBADFD, -EBADFD, 1),
	CMD(EVENTS, STAGE_CREATED, 1, -ENODEV, 1, 1, 1),
	CMD(LIST, STAGE_OPEN, 1, 1, 1, 1, 1),
	CMD(STAT, STAGE_RUNNING, 1, 1, 1, 1, 1),
	CMD(LOG, STAGE_RUNNING, 1, 1, 1, 1, 1),
	CMD(COUNTERS, STAGE_RUNNING, 1, 1, 1, 1, 1),
	CMD(RESERVED, STAGE_OPEN, 1, 1, 1, 1, 1),
	CMD(WAIT, STAGE_RUNNING, 0, -ENODEV, -EBADFD, -EBADFD, 1),
	CMD(PIN, STAGE_RUNNING, 1, -ENODEV, -EBADFD, -EBADFD, 1),
	CMD(UNPIN, STAGE_RUNNING, 0, -ENODEV, -EBADFD, -EBADFD, 1),
	CMD(DIRTY, STAGE_RUNNING, 0, -ENODEV, -EBADFD, -EBADFD, 1),
	{ .name = NULL }
};
