/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * call.h - forwarded calls: one slot a thread.
 *
 * The isle thread writes number and arguments, then submit (release): the call is the
 * proxy's from then on. The proxy's worker for that slot runs it, writes result, then
 * done = submit (release): the slot is the isle's again. Two lines travel for a call.
 *
 * Sleeping and waking, the same on both sides: who wants to sleep stores its flag (armed,
 * asleep), issues a full fence, looks once more, and sleeps only if there is nothing; who
 * has written submit or done issues a full fence and rings only if the flag is set. So no
 * interrupt goes to someone awake, and none is missed.
 *
 * A slot's first call finds armed = ISLE_SLOT_NO_WORKER; the isle then rings the
 * reception, whose waiter in the proxy starts a worker for the slot. The reception's own
 * slot, ISLE_SLOT_RECEPTION, carries no calls: its submit counts rings, its done what
 * the reception has seen.
 */
#ifndef ISLE_CALL_H
#define ISLE_CALL_H

#include <isle/types.h>

struct isle_slot {
	/* Written by the isle. */
	uint32_t submit __attribute__((aligned(64))); /* number of the call; in work while it differs from done */
	uint32_t nr;        /* Linux x86-64 system call number, or ISLE_CALL_* */
	uint64_t arg[6];
	uint32_t tid;       /* of the thread, 0: the slot is free */
	uint32_t reserved0;

	/* Written by the proxy. */
	uint32_t done __attribute__((aligned(64)));
	uint32_t armed;     /* ISLE_SLOT_*: whether the isle must ring after submit */
	int64_t  result;    /* as the kernel returns it: -errno on failure */
	uint32_t flags;     /* ISLE_DONE_F_* */
	uint32_t named;     /* with ISLE_DONE_F_NAMED: tid of a thread, 0 the first one */
	char     name[16];  /* ... and its name, terminated */
	uint8_t  reserved1[24];

	/* Written by the isle, seldom. */
	uint32_t asleep __attribute__((aligned(64))); /* 1: ring row after done */
	uint32_t row;
	uint32_t cancel;    /* number of a call that shall end with EINTR if it has not had an effect */
	uint8_t  reserved2[52];

	/* Written by the proxy, seldom. */
	uint64_t calls __attribute__((aligned(64)));  /* calls run */
	uint64_t waits;     /* times the worker slept */
	uint64_t rings;     /* times it rang the isle */
	uint64_t copied;    /* bytes of program memory that the worker itself, not Linux in a call, read or wrote */
	uint8_t  reserved3[32];
};
ISLE_ASSERT_SIZE(struct isle_slot, 256);

/* The slot on which the proxy's reception waits (ISLE_IOC_WAIT). */
#define ISLE_SLOT_RECEPTION  (ISLE_MAX_SLOTS - 1)

enum {
	ISLE_SLOT_NO_WORKER = 0, /* nobody serves this slot yet: ring the reception */
	ISLE_SLOT_AWAKE = 1,     /* the worker polls: do not ring */
	ISLE_SLOT_ARMED = 2,     /* the worker sleeps: ring the slot */
};

#define ISLE_DONE_F_SIGPIPE  (1u << 0) /* the call raised SIGPIPE for the calling thread */
#define ISLE_DONE_F_RESTART  (1u << 1) /* EINTR by cancel or signal: Linux would restart it with SA_RESTART */
#define ISLE_DONE_F_GONE     (1u << 2) /* the child that ran this slot's calls (ISLE_CALL_SPAWN) is no longer there */
#define ISLE_DONE_F_REPORT   (1u << 3) /* not made, result EAGAIN: send a report (report.h), then call again */
#define ISLE_DONE_F_REGIONS  (1u << 4) /* with it: with the table of regions */
#define ISLE_DONE_F_SIGXFSZ  (1u << 6) /* the call raised SIGXFSZ for the calling thread */
#define ISLE_DONE_F_TTIN     (1u << 7) /* not made, result EIO: it reads the program's terminal from the background */
#define ISLE_DONE_F_TTOU     (1u << 8) /* not made, result EIO: it writes to it, or sets it, from there */
#define ISLE_DONE_F_ORPHAN   (1u << 9) /* with it: nobody could let the group go on, so Linux would not stop it */
#define ISLE_DONE_F_NAMED    (1u << 5) /* the call wrote a thread's comm file: that is the thread's name now */

/*
 * Calls that are not Linux's. Arguments in order; the result is 0 or what is said, or -errno.
 * Memory is named by ipa and lies in granules marked USER.
 */
enum {
	ISLE_CALL_SYNC = 0x1000,   /* nothing but applying the mirror */
	ISLE_CALL_FILL,            /* fd, offset, ipa, len: pread into isle memory; bytes read */
	ISLE_CALL_FLUSH,           /* fd, offset, ipa, len: pwrite from isle memory; bytes written */
	ISLE_CALL_MAP_SHARED,      /* fd (or -1), offset, len, prot, flags, uva: mmap there, shared, populated */
	ISLE_CALL_PIN,             /* uva, len, writable: ISLE_IOC_PIN for that part of such a mapping; bytes covered */
	ISLE_CALL_UNPIN,           /* uva, len, keep: the isle has unmapped it: unpin and, unless keep, munmap */
	ISLE_CALL_SHM_MAP,         /* shmid, shmflg, uva: shmat there, populated; size of the segment */
	ISLE_CALL_KEEP,            /* fd: private duplicate for a file mapping; its handle (use as fd in FILL) */
	ISLE_CALL_UNKEEP,          /* handle */
	ISLE_CALL_SPAWN,           /* exit signal, flags, uva: a child of the program begins; its pid */
	ISLE_CALL_PATH_SELF,       /* ipa, len: what /proc/self/exe names; bytes */
	ISLE_CALL_EXEC,            /* dirfd | flags << 32, path, argv, envp, blocked, ignored: execveat */
	ISLE_CALL_LEAVE,           /* wait status: the child ends so */
	ISLE_CALL_SIGCHLD,         /* ISLE_SIGCHLD_*: how the program wants to hear of its children */
	ISLE_CALL_REMAP,           /* uva, len, new len, new uva: mremap of such a mapping, unpinned before */
	ISLE_CALL_REPORT,          /* ipa, len: struct isle_report (report.h); 0 */
	ISLE_CALL_SIGNALS_LEAVE,   /* mask: these stay pending with Linux, for the program's signalfds; others do not */
	ISLE_CALL_STOP,            /* signo: stops the process by it, returns when it goes on */
	ISLE_CALL_EXEC_FILE,       /* path: opens a file as execve opens an interpreter; its handle (as of KEEP) */
	ISLE_CALL_EXEC_DONE,       /* handle: the program is that file now */
	ISLE_CALL_BACKGROUND,      /* the slot's next call is made, although ISLE_DONE_F_TTOU would be its answer */
	ISLE_CALL_END
};

/*
 * A child of vfork. Its thread on the isle borrows the program's memory; on Linux it is a process of its own, child of
 * the proxy, which the isle asks for by ISLE_CALL_SPAWN on the slot of the child's thread, as its first call. From then
 * on that process makes the Linux calls of this slot, with descriptors, directory, limits and groups of its own. It
 * ends by ISLE_CALL_EXEC, in which it becomes another program, by ISLE_CALL_LEAVE, or because somebody killed it: the
 * call that is in work then, or else the next one, ends with ISLE_DONE_F_GONE, and the slot is like any other again.
 *
 * ISLE_CALL_SPAWN: the signal is SIGCHLD or 0; flags is Linux's CLONE_PIDFD or 0, uva is where that descriptor's
 * number is written.
 * ISLE_CALL_EXEC: blocked and ignored are the child's signals by bit signo - 1; it fails as execveat does.
 *
 * The program itself becomes another one in steps. ISLE_CALL_EXEC (on a slot without a child; blocked and ignored are
 * 0) finds the file, through as many #! lines as Linux follows, and fills the exec block (exec.h) with its name,
 * arguments, environment and fresh random bytes; the result is the handle of the file, to be given back by
 * ISLE_CALL_UNKEEP. Nothing has changed up to here, and it fails as execveat does. When the isle has taken the old
 * program down it says ISLE_CALL_EXEC_DONE: descriptors marked close-on-exec go, /proc/self/exe is the new file.
 * One exec at a time: the block is overwritten by the next one.
 */
#define ISLE_SIGCHLD_IGNORED  (1u << 0) /* SIG_IGN: nothing is kept of children that end */
#define ISLE_SIGCHLD_NOWAIT   (1u << 1) /* SA_NOCLDWAIT */
#define ISLE_SIGCHLD_NOSTOP   (1u << 2) /* SA_NOCLDSTOP */

#endif
