/* SPDX-License-Identifier: MIT */
/*
 * inner.h - what the files of this folder share: writing files of the tree, and who writes which.
 */
#ifndef VIEW_INNER_H
#define VIEW_INNER_H

#include "../cpuset.h"
#include "view.h"

#include <stdio.h>

/* Bytes for a mask of CPUSET_MAX bits. */
#define VIEW_MASK_TEXT  (CPUSET_MAX / 32 * 9 + 1)

/* What changes while the isle runs. From SELF_STATUS on it is about the process, up to SELF_COMM about a thread too. */
enum view_file {
	VIEW_CONSTANT, VIEW_MEMINFO, VIEW_STAT,
	VIEW_SELF_STATUS, VIEW_SELF_STAT, VIEW_SELF_COMM,
	VIEW_SELF_STATM, VIEW_SELF_MAPS, VIEW_SELF_CMDLINE, VIEW_SELF_ENVIRON, VIEW_SELF_AUXV,
	VIEW_TASKS,      /* /proc/self/task */
	VIEW_TASK,       /* the directory of one thread in it */
};

/* What a path names. */
struct view_look {
	enum view_file file;
	uint32_t tid;    /* of a thread's file; 0: the process's */
};

/*
 * Writing the tree. Paths are relative to the root; a failure is kept in view->err, and from then
 * on nothing is done.
 */
__attribute__((format(printf, 2, 3))) void view_dir(struct view *view, const char *format, ...);
__attribute__((format(printf, 3, 4)))
void view_put(struct view *view, const char *path, const char *format, ...);
void view_put_text(struct view *view, const char *path, const char *text, size_t len);
/* A second name of a file, or a symbolic link. */
void view_same(struct view *view, const char *from, const char *to);
void view_link(struct view *view, const char *target, const char *path);
/* Keeps a descriptor; -errno counts as a failure. */
void view_hold(struct view *view, int fd);
/* All of a file of Linux's, NUL-terminated, to be freed; NULL with *err set. */
char *view_read_fd(int fd, size_t *len, int *err);
char *view_read_path(const char *path, size_t *len);

/* A mask as Linux writes it, "3" or "1,00000003", of so many bits. Returns text. */
const char *view_mask(const struct isle_cpuset *set, unsigned int bits, char *text);
/* The list of a set as Linux writes it: empty if there is none. */
const char *view_list(const struct isle_cpuset *set, char *text);
/* PREFIX and PREFIX_list hold the set as mask and as list. */
void view_put_set(struct view *view, const char *prefix, const char *list_name,
		  const struct isle_cpuset *set);

/* Sets of the isle: all CPUs; all nodes; CPUs of a node; nodes with memory. */
void view_all_cpus(const struct view_machine *m, struct isle_cpuset *set);
void view_all_nodes(const struct view_machine *m, struct isle_cpuset *set);
void view_node_cpus(const struct view_machine *m, uint32_t node, struct isle_cpuset *set);
void view_memory_nodes(const struct view_machine *m, struct isle_cpuset *set);

/* The parts of the tree. */
void view_write_cpus(struct view *view);
void view_write_nodes(struct view *view);
void view_write_cgroup(struct view *view);
void view_write_proc(struct view *view);

/* As view_rewrite(), and *look gets what the path names. */
const char *view_resolve(struct view *view, int dirfd, const char *path, uint32_t tid, struct view_look *look,
			 char *buf, size_t len);

/* The tables of a report. The thread with an id (0: the first one), or NULL. */
const struct isle_report_cpu *view_report_cpus(const struct isle_report *report);
const struct isle_report_thread *view_report_threads(const struct isle_report *report);
const struct isle_report_region *view_report_regions(const struct isle_report *report);
const struct isle_report_thread *view_report_thread(const struct isle_report *report, uint32_t tid);

/* The contents of a file of /proc that is not of one process; report may be NULL: nothing runs yet. */
void view_text_meminfo(struct view *view, const struct isle_report *report, FILE *out);
void view_text_stat(struct view *view, const struct isle_report *report, FILE *out);
/* Those of one that is, of a thread (tid) or the process (0). */
void view_text_self(struct view *view, enum view_file file, const struct isle_report *report, uint32_t tid, FILE *out);
void view_text_maps(const struct isle_report *report, FILE *out);
/* True if the line begins with this key and a colon. */
bool view_is_key(const char *line, const char *key);
/* Puts the lines of a text through a function, one by one. */
void view_lines(char *text, void (*line)(void *ctx, FILE *out, const char *line), void *ctx, FILE *out);

/*
 * Parts of view_call() and view_answer(): writing a thread's name (names.c), listing descriptors (listing.c; nr is
 * getdents or getdents64, all else is left alone, result is positive).
 */
void view_names_call(struct view *view, uint32_t nr, const uint64_t arg[6], struct view_scratch *scratch);
void view_names_answer(struct view *view, int64_t result, struct view_scratch *scratch);
void view_listing_call(uint32_t nr, const uint64_t arg[6], struct view_scratch *scratch);
int64_t view_listing_answer(struct view *view, uint32_t nr, int64_t result, struct view_scratch *scratch);

/* The clerk: see clerk.c. 0 or -errno. */
int view_clerk_start(struct view *view);
void view_clerk_end(struct view *view);
/* Brings what a path names up to date. report may be NULL where view_text_* says so. 0 or -errno. */
int view_refresh(struct view *view, const struct view_look *look, const struct isle_report *report);

#endif
