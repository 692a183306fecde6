/* SPDX-License-Identifier: MIT */
/*
 * inner.h - what the files of this folder share: writing files of the tree, and who writes which.
 */
#ifndef VIEW_INNER_H
#define VIEW_INNER_H

#include "../cpuset.h"
#include "view.h"

/* Bytes for a mask of CPUSET_MAX bits. */
#define VIEW_MASK_TEXT  (CPUSET_MAX / 32 * 9 + 1)

/* Files whose contents change; each holds two descriptors: source, and file in the tree. */
enum view_file { VIEW_STATUS, VIEW_MEMINFO, VIEW_STAT, VIEW_FILES };

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
/* Writes a file that changes once more. */
void view_refresh(struct view *view, enum view_file file);

#endif
