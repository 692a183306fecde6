/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - tracepoints: /sys/kernel/tracing/events/isle.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM isle

#if !defined(ISLE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ISLE_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(isle_reserve,
	TP_PROTO(u32 cpus, u64 bytes, u64 offline_ns, u64 park_ns, u64 memory_ns),
	TP_ARGS(cpus, bytes, offline_ns, park_ns, memory_ns),
	TP_STRUCT__entry(
		__field(u32, cpus)
		__field(u64, bytes)
		__field(u64, offline_ns)
		__field(u64, park_ns)
		__field(u64, memory_ns)
	),
	TP_fast_assign(
		__entry->cpus = cpus;
		__entry->bytes = bytes;
		__entry->offline_ns = offline_ns;
		__entry->park_ns = park_ns;
		__entry->memory_ns = memory_ns;
	),
	TP_printk("cpus=%u bytes=%llu offline_ns=%llu park_ns=%llu memory_ns=%llu", __entry->cpus,
		  __entry->bytes, __entry->offline_ns, __entry->park_ns, __entry->memory_ns)
);

TRACE_EVENT(isle_create,
	TP_PROTO(u32 id, u32 cpus, u64 bytes),
	TP_ARGS(id, cpus, bytes),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, cpus)
		__field(u64, bytes)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->cpus = cpus;
		__entry->bytes = bytes;
	),
	TP_printk("id=%u cpus=%u bytes=%llu", __entry->id, __entry->cpus, __entry->bytes)
);

TRACE_EVENT(isle_start,
	TP_PROTO(u32 id, int err, u64 ns),
	TP_ARGS(id, err, ns),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(int, err)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->err = err;
		__entry->ns = ns;
	),
	TP_printk("id=%u err=%d ns=%llu", __entry->id, __entry->err, __entry->ns)
);

TRACE_EVENT(isle_doorbell,
	TP_PROTO(u32 id, u64 bells),
	TP_ARGS(id, bells),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, bells)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->bells = bells;
	),
	TP_printk("id=%u bells=%#llx", __entry->id, __entry->bells)
);

TRACE_EVENT(isle_stop,
	TP_PROTO(u32 id, u32 life, u32 forced),
	TP_ARGS(id, life, forced),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, life)
		__field(u32, forced)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->life = life;
		__entry->forced = forced;
	),
	TP_printk("id=%u life=%u forced=%u", __entry->id, __entry->life, __entry->forced)
);

TRACE_EVENT(isle_reap,
	TP_PROTO(u32 id, u64 scrubbed, u32 pinned),
	TP_ARGS(id, scrubbed, pinned),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, scrubbed)
		__field(u32, pinned)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->scrubbed = scrubbed;
		__entry->pinned = pinned;
	),
	TP_printk("id=%u scrubbed=%llu pinned=%u", __entry->id, __entry->scrubbed, __entry->pinned)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
