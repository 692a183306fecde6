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

#include <isle/types.h>

#define VIEW_MAX_CACHES  8u
#define VIEW_MAX_FDS     8u

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

/* Time of one CPU in 1/100 s. */
struct view_ticks {
	uint64_t user, system, idle;
};

/* What changes while the isle runs. */
struct view_live {
	uint64_t mem_free;
	uint32_t threads;
	struct view_ticks ticks[ISLE_MAX_CPUS]; /* in the order of view_machine.cpu */
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
	/* Fills live, which begins as "all free, one thread, no time"; may be NULL. Any thread. */
	void (*live)(void *ctx, struct view_live *live);
	void *ctx;
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
	pthread_mutex_t lock;     /* guards the contents of files that are written again */
	int err;                  /* first failure while the tree was written */
};

/* What a call needs from view_call() to view_answer(); one for each thread. */
struct view_scratch {
	char text[PATH_MAX];         /* the program's path */
	char path[PATH_MAX];         /* ours */
	char answer[PATH_MAX + 2];   /* a path that the call answers with, NUL and one more */
	uint64_t buffer, size;       /* where the program wants that; 0: it does not */
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
 * The path to use in place of path, seen from dirfd (or AT_FDCWD), written to buf; NULL: path is
 * right as it stands. Brings the file up to date if its contents change. Any thread.
 */
const char *view_rewrite(struct view *view, int dirfd, const char *path, char *buf, size_t len);

/*
 * Before a forwarded call is made (and after its addresses were checked): true if an argument was
 * replaced by an address in scratch. A bad address is left for Linux to refuse. Any thread.
 */
bool view_call(struct view *view, uint32_t nr, uint64_t arg[6], struct view_scratch *scratch);
/* After each such call: its result, with a path in the answer (getcwd, readlink) set right. */
int64_t view_answer(struct view *view, uint32_t nr, int64_t result, struct view_scratch *scratch);

#endif
