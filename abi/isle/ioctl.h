/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * ioctl.h - the interface of /dev/isle.
 *
 * One open file is at most one isle: ISLE_IOC_CREATE makes it, closing the last reference
 * of the file reaps it, whatever state it is in. A file without an isle can still ask
 * (INFO, LIST, STAT, LOG, COUNTERS) and, as root, reserve and release.
 *
 * Rules for every command:
 *   - fields named reserved and unknown flag bits must be 0, else EINVAL;
 *   - a pointer travels as uint64_t; a bad one is EFAULT;
 *   - a command changes everything it says or nothing;
 *   - on failure ISLE_IOC_WHY on the same file returns one sentence that says what was
 *     wrong and what to do;
 *   - a command in the wrong state of the isle is EBADFD (ENODEV if the file has no isle).
 *
 * poll: POLLIN when the isle has rung since the last ISLE_IOC_EVENTS; POLLHUP when it has
 * ended (state STOPPED, PANICKED, HUNG or KILLED). mmap: offset is an ipa, shared only;
 * pages of the window and of granules that the isle marked USER can be touched, others
 * give SIGBUS, and so does every page once the isle has ended and its memory was taken back.
 */
#ifndef ISLE_IOCTL_H
#define ISLE_IOCTL_H

#include <isle/types.h>
#include <isle/version.h>

#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define ISLE_DEVICE       "/dev/isle"
#define ISLE_TEXT_SIZE    256   /* sentences, NUL-terminated */

/* Bitmap of Linux CPU numbers, as sched_setaffinity has it. */
struct isle_cpuset {
	uint64_t bits[16];          /* CPUs 0 to 1023 */
};

/* Memory of one node. */
struct isle_mem {
	uint32_t node;
	uint32_t reserved;
	uint64_t size;              /* bytes, a multiple of the granule */
};

/*
 * ISLE_IOC_INFO: anyone, any state. What this module and host offer.
 */
struct isle_info {
	uint32_t revision;          /* ISLE_ABI_REVISION of the module */
	uint32_t flags;             /* ISLE_INFO_F_* */
	uint32_t nr_isles;          /* isles that exist now */
	uint32_t reserved_cpus;     /* CPUs in the reserve, used ones included */
	uint32_t free_cpus;
	uint32_t vector;            /* Linux vector that isles ring */
	uint64_t reserved_mem;      /* bytes in the reserve, used ones included */
	uint64_t free_mem;
	uint64_t inits_sent;        /* INIT IPIs sent since the module was loaded */
	uint64_t doorbells;         /* interrupts received from isles */
	uint64_t tsc_khz;
	uint64_t reserved[8];
};
ISLE_ASSERT_SIZE(struct isle_info, 128);
#define ISLE_INFO_F_X2APIC     (1u << 0)

/*
 * ISLE_IOC_RESERVE: root (CAP_SYS_ADMIN). Adds CPUs and memory to the reserve.
 * CPUs must be online, whole SMT cores, not of CPU 0's core, and of one node unless
 * ISLE_RESERVE_F_SPAN; each is taken offline and brought into the park loop. Memory is
 * taken per node, up to what was asked; with ISLE_RESERVE_F_STRICT less is a failure.
 * On failure everything that the call had taken is given back.
 * E2BIG more than ISLE_MAX_NODES requests; EINVAL nothing asked, unknown or offline CPU, CPU 0's core, half
 * a core, several nodes without SPAN, size not a multiple of the granule, no such node; EEXIST a CPU is in the
 * reserve already; EBUSY Linux would not let a CPU go (the sentence names it and why);
 * ENOMEM strict and not enough memory; EIO a CPU did not reach the park loop; EPERM.
 */
struct isle_reserve {
	struct isle_cpuset cpus;
	uint64_t mem_ptr;           /* struct isle_mem [nr_mem]; size is replaced by what was got */
	uint32_t nr_mem;
	uint32_t flags;             /* ISLE_RESERVE_F_* */
	uint64_t offline_ns;        /* out: time for taking CPUs offline */
	uint64_t park_ns;           /* out: time until all are parked */
	uint64_t memory_ns;         /* out: time for taking the memory */
	uint64_t reserved[3];
	char     text[ISLE_TEXT_SIZE]; /* out: what was asked, got, and why not more */
};
ISLE_ASSERT_SIZE(struct isle_reserve, 448);
#define ISLE_RESERVE_F_STRICT  (1u << 0)
#define ISLE_RESERVE_F_SPAN    (1u << 1)
#define ISLE_RESERVE_F_DRY_RUN (1u << 2) /* check everything, change nothing */

/*
 * ISLE_IOC_RELEASE: root. Gives the whole reserve back to Linux. EBUSY while an isle exists.
 * EIO a CPU did not come back (the rest did; the sentence names it). Nothing reserved: 0.
 */
struct isle_release {
	uint64_t online_ns;         /* out: time for bringing CPUs online */
	uint64_t memory_ns;         /* out: time for freeing the memory */
	uint32_t cpus;              /* out: CPUs given back */
	uint32_t reserved0;
	uint64_t mem;               /* out: bytes given back */
	uint64_t reserved[4];
};
ISLE_ASSERT_SIZE(struct isle_release, 64);

/*
 * ISLE_IOC_CREATE: may open the device. Cuts an isle from the reserve; the file is the isle from now on.
 * Give either cpus (a set) or nr_cpus (any free cores; whole ones; of node unless node is
 * ISLE_NODE_ANY). Memory requests as for RESERVE, always strict. Several nodes, of CPUs and memory together, want SPAN.
 * EBADFD the file has an isle; EINVAL CPU not in the reserve, half a core, several nodes without SPAN,
 * no CPUs, no memory, size; EBUSY a CPU belongs to another isle or too few are free; ENOMEM not enough free
 * reserve memory on a node (the sentence says how much there is); EFAULT; E2BIG.
 */
struct isle_create {
	struct isle_cpuset cpus;    /* in: set, or empty; out: the isle's CPUs */
	uint32_t nr_cpus;
	uint32_t node;
	uint64_t mem_ptr;           /* struct isle_mem [nr_mem] */
	uint32_t nr_mem;
	uint32_t flags;             /* ISLE_CREATE_F_* */
	uint32_t isle_id;           /* out: number of the isle, never used twice while the module is loaded */
	uint32_t reserved0;
	uint64_t mem_size;          /* out */
	uint64_t reserved[4];
};
ISLE_ASSERT_SIZE(struct isle_create, 200);
#define ISLE_CREATE_F_SPAN     (1u << 0)
#define ISLE_NODE_ANY          0xffffffffu

/*
 * ISLE_IOC_LOAD: state CREATED. Places an isle kernel image and its boot page.
 * The image runs in ring 0, so the file must be as trustworthy as a set-uid-root program: owned by root,
 * writable by root only, not on a nosuid mount; otherwise EACCES (root itself may load any file).
 * EBADF image_fd; ENOEXEC with isle_image_check's clause; ENOSPC the isle's first extent is too small for it;
 * ENAMETOOLONG cmdline.
 */
struct isle_load {
	int32_t  image_fd;
	uint32_t flags;             /* 0 */
	uint64_t cmdline_ptr;       /* NUL-terminated, or 0 */
	uint64_t window_ipa;        /* out */
	uint64_t window_size;       /* out */
	uint64_t private_size;      /* out */
	uint64_t reserved[3];
};
ISLE_ASSERT_SIZE(struct isle_load, 64);
#define ISLE_CMDLINE_MAX       2048

/*
 * ISLE_IOC_START: state LOADED. Starts all cores; returns when the isle kernel is UP.
 * ETIME it was not UP within timeout_ms (the cores were taken back, state is HUNG); EIO it panicked; EINTR killed.
 * timeout_ms 0 means the module's default; more than ISLE_TIMEOUT_MAX_MS is EINVAL.
 */
struct isle_start {
	uint32_t timeout_ms;
	uint32_t flags;             /* 0 */
	uint64_t start_ns;          /* out: from the first mailbox write to UP */
	uint64_t reserved[2];
};
ISLE_ASSERT_SIZE(struct isle_start, 32);
#define ISLE_TIMEOUT_MAX_MS    60000u

/*
 * ISLE_IOC_STOP: state LOADED, RUNNING or an ended one (then it does nothing). Asks the isle to stop; cores that do
 * not park within timeout_ms are taken by INIT, and the state is then HUNG. Always 0 in the right state.
 */
struct isle_stop {
	uint32_t timeout_ms;        /* 0: default */
	uint32_t flags;             /* ISLE_STOP_F_* */
	uint32_t forced;            /* out: cores that had to be taken by INIT */
	uint32_t reserved0;
	uint64_t stop_ns;           /* out */
	uint64_t reserved[1];
};
ISLE_ASSERT_SIZE(struct isle_stop, 32);
#define ISLE_STOP_F_NOW        (1u << 0) /* do not ask: INIT at once; state KILLED */

/* ISLE_IOC_RING: state RUNNING. Sends ISLE_VECTOR_DOORBELL to row cpu of the isle. EINVAL no such row. */
struct isle_ring {
	uint32_t cpu;
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_ring, 8);

/* ISLE_IOC_EVENTS: the file has an isle. Takes the reasons (ISLE_BELL_*) for which it rang since the last call. */
struct isle_events {
	uint64_t bells;             /* out */
	uint32_t state;             /* out: ISLE_LIFE_* */
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_events, 16);

/*
 * Life of an isle, as the module sees it:
 *   CREATED -> LOADED -> STARTING -> RUNNING -> STOPPING -> STOPPED
 *   STARTING, RUNNING, STOPPING -> PANICKED (the kernel said so), HUNG (did not answer), KILLED (owner died, or NOW)
 */
enum {
	ISLE_LIFE_NONE = 0,
	ISLE_LIFE_CREATED = 1,
	ISLE_LIFE_LOADED = 2,
	ISLE_LIFE_STARTING = 3,
	ISLE_LIFE_RUNNING = 4,
	ISLE_LIFE_STOPPING = 5,
	ISLE_LIFE_STOPPED = 6,
	ISLE_LIFE_PANICKED = 7,
	ISLE_LIFE_HUNG = 8,
	ISLE_LIFE_KILLED = 9,
};

/*
 * ISLE_IOC_LIST: anyone. Numbers of the isles that exist, and of the last dead ones whose logs are kept
 * (living first). nr in: room; out: how many there are (may be more than the room).
 */
struct isle_list {
	uint64_t ids_ptr;           /* uint32_t [nr] */
	uint32_t nr;
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_list, 16);

/* ISLE_IOC_STAT: owner of the isle, root, or group of the device: anyone who can open it. ENOENT no such isle. */
struct isle_stat {
	uint32_t isle_id;           /* in */
	uint32_t life;              /* ISLE_LIFE_* */
	int32_t  exit_code;         /* wait(2) status, valid when STOPPED */
	uint32_t kernel_state;      /* ISLE_STATE_* */
	uint32_t owner_pid;         /* 0 when the owner is gone */
	uint32_t owner_uid;
	uint32_t nr_cpus;
	uint32_t reaped;            /* 1: dead, only its log and counters are kept */
	struct isle_cpuset cpus;
	uint64_t mem_size;
	uint64_t mem_node[ISLE_MAX_NODES]; /* bytes by node */
	uint64_t log_end;           /* position behind the last log record */
	uint64_t entry_tsc;         /* of isle_boot */
	uint64_t first_log_tsc;
	uint64_t up_tsc;
	uint64_t doorbells;         /* interrupts received from it */
	uint64_t created_ns;        /* CLOCK_REALTIME */
	uint64_t rings;             /* interrupts sent to it for the proxy, or to stop it */
	uint64_t calls, waits, wakes, copied; /* sums of the last line of all call slots (call.h), wakes being rings */
	uint64_t reserved[3];
	char     why[ISLE_TEXT_SIZE]; /* how it ended, one sentence; empty while it lives */
};
ISLE_ASSERT_SIZE(struct isle_stat, 1048);

/*
 * ISLE_IOC_LOG: who may STAT. Copies whole records (log.h) from position pos on; pads are left out.
 * pos out: where to go on. lost: bytes between the pos asked and the first record still kept. With FOLLOW it waits up
 * to timeout_ms for a record if there is none. size out: bytes copied (0: nothing, or the isle is dead and all was
 * read). EINVAL size smaller than ISLE_LOG_RECORD_MAX; ENOENT.
 */
struct isle_log_read {
	uint32_t isle_id;
	uint32_t flags;             /* ISLE_LOG_F_FOLLOW */
	uint64_t pos;               /* in, out */
	uint64_t buf_ptr;
	uint32_t size;              /* in, out */
	uint32_t timeout_ms;
	uint64_t lost;              /* out */
	uint32_t ended;             /* out: 1 if no more records will come */
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_log_read, 48);
#define ISLE_LOG_F_FOLLOW      (1u << 0)

/* ISLE_IOC_COUNTERS: who may STAT. Copies struct isle_counters of rows 0 to nr-1. nr out: rows the isle has. ENOENT. */
struct isle_counters_read {
	uint32_t isle_id;
	uint32_t nr;
	uint64_t buf_ptr;
};
ISLE_ASSERT_SIZE(struct isle_counters_read, 16);

/* ISLE_IOC_RESERVED: anyone. The reserve, CPU by CPU and extent by extent. Rooms in, numbers out as for LIST. */
struct isle_reserved_cpu {
	uint32_t linux_cpu, apic_id, node, package, core, thread;
	uint32_t isle_id;           /* 0: free */
	uint32_t state;             /* ISLE_RCPU_* */
};
enum { ISLE_RCPU_PARKED = 1, ISLE_RCPU_ISLE = 2, ISLE_RCPU_LOST = 3 };
struct isle_reserved_extent {
	uint64_t size;
	uint32_t node;
	uint32_t isle_id;           /* 0: free */
};
struct isle_reserved {
	uint64_t cpus_ptr;          /* struct isle_reserved_cpu [nr_cpus] */
	uint64_t extents_ptr;       /* struct isle_reserved_extent [nr_extents] */
	uint32_t nr_cpus, nr_extents;
	uint64_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_reserved_cpu, 32);
ISLE_ASSERT_SIZE(struct isle_reserved_extent, 16);
ISLE_ASSERT_SIZE(struct isle_reserved, 32);

/*
 * ISLE_IOC_WAIT: state STARTING, RUNNING or STOPPING. Sleeps until the isle has rung call slot
 * (ISLE_BELL_CALL) since the last WAIT on it, or the isle has ended. One waiter a slot: a second is EBUSY.
 * EINVAL no such slot; ETIME after timeout_ms (0: no limit); EINTR a signal; ESHUTDOWN the isle has ended.
 */
struct isle_wait {
	uint32_t slot;
	uint32_t timeout_ms;
};
ISLE_ASSERT_SIZE(struct isle_wait, 8);

/*
 * ISLE_IOC_PIN: state RUNNING. Pins the caller's pages at uva (a shared mapping) and describes them in the isle's pin
 * table (pin.h). len out: bytes covered, from uva on; less than asked if the table was full. EINVAL not page-aligned
 * or not a shared mapping; EFAULT not mapped, not as writable as asked, or Linux has no page there; EOPNOTSUPP Linux
 * refuses pins of this file; ENOMEM; ENOSPC more than the module's limit for one isle. ISLE_IOC_UNPIN: the isle has
 * unmapped [uva, uva + len). What is still pinned when the isle ends is unpinned after its cores have stopped.
 * ISLE_IOC_DIRTY: before the caller syncs a file that the isle may have written through such a mapping: Linux learns
 * which pages of [uva, uva + len) may have changed. EIO it could not, such as for want of space in the file system.
 */
struct isle_pin {
	uint64_t uva;
	uint64_t len;               /* in, out */
	uint32_t flags;             /* ISLE_PIN_F_* */
	uint32_t reserved;
};
ISLE_ASSERT_SIZE(struct isle_pin, 24);
#define ISLE_PIN_F_WRITE       (1u << 0)

/* ISLE_IOC_WHY: anyone. The sentence of this file's last failed command; empty after a success. */
struct isle_why {
	char text[ISLE_TEXT_SIZE];
};

#define ISLE_IOC_TYPE      0xb5
#define ISLE_IOC_INFO      _IOR(ISLE_IOC_TYPE, 0, struct isle_info)
#define ISLE_IOC_WHY       _IOR(ISLE_IOC_TYPE, 1, struct isle_why)
#define ISLE_IOC_RESERVE   _IOWR(ISLE_IOC_TYPE, 2, struct isle_reserve)
#define ISLE_IOC_RELEASE   _IOWR(ISLE_IOC_TYPE, 3, struct isle_release)
#define ISLE_IOC_CREATE    _IOWR(ISLE_IOC_TYPE, 4, struct isle_create)
#define ISLE_IOC_LOAD      _IOWR(ISLE_IOC_TYPE, 5, struct isle_load)
#define ISLE_IOC_START     _IOWR(ISLE_IOC_TYPE, 6, struct isle_start)
#define ISLE_IOC_STOP      _IOWR(ISLE_IOC_TYPE, 7, struct isle_stop)
#define ISLE_IOC_RING      _IOW(ISLE_IOC_TYPE, 8, struct isle_ring)
#define ISLE_IOC_EVENTS    _IOR(ISLE_IOC_TYPE, 9, struct isle_events)
#define ISLE_IOC_LIST      _IOWR(ISLE_IOC_TYPE, 10, struct isle_list)
#define ISLE_IOC_STAT      _IOWR(ISLE_IOC_TYPE, 11, struct isle_stat)
#define ISLE_IOC_LOG       _IOWR(ISLE_IOC_TYPE, 12, struct isle_log_read)
#define ISLE_IOC_COUNTERS  _IOWR(ISLE_IOC_TYPE, 13, struct isle_counters_read)
#define ISLE_IOC_RESERVED  _IOWR(ISLE_IOC_TYPE, 14, struct isle_reserved)
#define ISLE_IOC_WAIT      _IOW(ISLE_IOC_TYPE, 15, struct isle_wait)
#define ISLE_IOC_PIN       _IOWR(ISLE_IOC_TYPE, 16, struct isle_pin)
#define ISLE_IOC_UNPIN     _IOW(ISLE_IOC_TYPE, 17, struct isle_pin)
#define ISLE_IOC_DIRTY     _IOW(ISLE_IOC_TYPE, 18, struct isle_pin)

#endif
