/* SPDX-License-Identifier: MIT */
/*
 * view.h - what a program on an isle sees when it asks Linux about the machine: the isle.
 *
 * Linux does not know the isle's cores and memory any more, and programs look for them in /proc and
 * /sys. So the proxy keeps a small tree of files that describe the isle as Linux would (CPU numbers
 * are Linux's own), and calls that look at one of the listed paths get that file instead. Whatever
 * is not listed stays real. The view can be looked at, not changed: a call that would change
 * something is left as it is, and Linux answers it as it answers every process.
 *
 * The tree has the paths of the originals below its root, so HWLOC_FSROOT can read it as well.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <isle/call.h>
#include <isle/report.h>
#include <isle/types.h>

#define VIEW_MAX_CACHES  8u
#define VIEW_MAX_FDS     2u
#define VIEW_MAX_COMM    8u

struct view_cpu {
	uint32_t cpu;             /* Linux's number */
	uint32_t apic_id;         /* says which CPUs share a cache */
	uint32_t package, core, thread;
	uint32_t node;            /* Linux's number */
};

struct view_node {
	uint32_t node;            /* Linux's number */
	uint64_t size;            /* bytes of the isle on it; may be 0 */
	uint8_t  distance[ISLE_MAX_NODES]; /* to row i of the table of nodes; 0: not known */
};

/* A cache of every CPU; those whose apic_id >> shift is equal share one. */
struct view_cache {
	uint32_t level;
	char     type;            /* 'D', 'I' or 'U' */
	uint32_t size;            /* bytes */
	uint32_t line, partitions, ways, sets;
	uint32_t shift;
};

/*
 * The isle: CPUs and memory from the module (ISLE_IOC_STAT and ISLE_IOC_RESERVED; its cores are
 * offline, so Linux's sysfs cannot tell), caches from view_probe_caches(), distances from hwloc.
 */
struct view_machine {
	uint32_t nr_cpus, nr_nodes, nr_caches;
	struct view_cpu cpu[ISLE_MAX_CPUS];      /* ascending by number */
	struct view_node node[ISLE_MAX_NODES];   /* ascending by number */
	struct view_cache cache[VIEW_MAX_CACHES];
	uint64_t mem_size;
	const char *program;      /* a path to it, opened once: what /proc/self/exe names; NULL: not told */
	/* True for descriptors that /proc/self/fd does not list: the proxy's. May be NULL. Any thread. */
	bool (*hidden)(int fd);
	/* Told of the tree's directory as soon as it is there. May be NULL. */
	void (*made)(const char *root);
};

struct view {
	struct view_machine machine;
	pid_t owner;              /* made the tree and is the only process to remove it */
	unsigned int mask_bits;   /* width of the CPU masks in files */
	char *root;               /* absolute, without symbolic links */
	size_t root_len;
	int fd[VIEW_MAX_FDS];     /* held all the time; fd[0] is the root directory, locked */
	unsigned int nr_fds;
	int exe;                  /* number in fd of the program, or -1 */
	int err;                  /* first failure while the tree was written */
	struct view_clerk *clerk; /* who writes files again; NULL until the tree is complete */
	_Atomic int comm[VIEW_MAX_COMM]; /* descriptors that may write a thread's name, plus 1; 0: none */
};

/* What a call needs from view_call() to view_answer(); one for each thread. */
struct view_scratch {
	char text[PATH_MAX];         /* the program's path */
	char path[PATH_MAX];         /* ours */
	char answer[PATH_MAX + 2];   /* a path that the call answers with, NUL and one more */
	uint64_t buffer, size;       /* where the program wants that; 0: it does not */
	uint64_t listing[3];         /* getdents: descriptor, buffer, size; buffer 0: no list of descriptors */
	uint64_t name_at;            /* where the program has the name it writes; 0: it does not */
	int fd;                      /* to which it writes that */
	bool opens_name;             /* the call opens a thread's name for writing */

	struct isle_report *report;  /* as view_report() took it: for the next call */
	/* Set by the caller before view_call(). */
	uint32_t tid;                /* of the thread that calls; 0: the first one */
	/* Set by view_call(). */
	uint32_t wants;              /* ISLE_DONE_F_REPORT and more: do not make the call, it needs a report */
	/* Set by view_answer(). */
	bool is_named;               /* a thread has got a name: */
	uint32_t named;              /* its id, 0: the first one */
	char name[16];
};

/* The caches of a CPU of this machine, from CPUID; returns how many, at most max. */
unsigned int view_probe_caches(struct view_cache *cache, unsigned int max);

/*
 * Writes the tree into a private directory below dir (NULL: /dev/shm, $XDG_RUNTIME_DIR or /tmp,
 * the first that can be written) and removes what proxies that died have left there. 0 or -errno.
 * A proxy that forks makes a view of its own in the child.
 */
int view_create(struct view **view, const struct view_machine *machine, const char *dir);
/* Removes the tree. NULL is fine. */
void view_destroy(struct view *view);
/* Moves the descriptors the view holds, by a function such as guard_take(). 0 or -errno. */
int view_move_fds(struct view *view, int (*take)(int fd));

/*
 * The path to use in place of path, seen from dirfd (or AT_FDCWD) by the thread tid (0: the first one), written to buf;
 * NULL: path is right as it stands. Asks nobody, changes nothing. Any thread.
 */
const char *view_rewrite(struct view *view, int dirfd, const char *path, uint32_t tid, char *buf, size_t len);

/*
 * Takes a report of the isle (isle/report.h), len bytes at an address of ours that may not be readable, for the next
 * view_call() with this scratch. 0, -EFAULT, -EINVAL if it contradicts itself, -ENOMEM.
 */
int view_report(struct view_scratch *scratch, const void *from, size_t len);

/*
 * Before a forwarded call is made (and after its addresses were checked): true if an argument was
 * replaced by an address in scratch. A bad address is left for Linux to refuse. If the call looks at something that
 * changes on the isle, scratch->wants says that a report must be had first: then the call is not to be made, and
 * view_call() and the rest are to be done again after view_report(). Any thread.
 */
bool view_call(struct view *view, uint32_t nr, uint64_t arg[6], struct view_scratch *scratch);
/* After each such call: its result, with a path in the answer (getcwd, readlink) set right. */
int64_t view_answer(struct view *view, uint32_t nr, int64_t result, struct view_scratch *scratch);

/* Moves bytes between a program's address and us; false if not all of them are there. */
bool view_peek(void *to, uint64_t from, size_t len);
bool view_poke(uint64_t to, void *from, size_t len);
/* How many bytes these have moved for the calling thread. */
uint64_t view_copied(void);

#endif
