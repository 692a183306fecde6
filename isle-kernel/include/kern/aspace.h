/* SPDX-License-Identifier: MIT */
/*
 * aspace.h - the program's address space: regions, the pages in them, and the mirror of both in the
 * proxy.
 */
#ifndef KERN_ASPACE_H
#define KERN_ASPACE_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/cpuset.h>
#include <kern/region.h>
#include <kern/waitq.h>

struct aspace {
	struct mutex lock;           /* guards everything but active; may be held while blocking */
	struct region_set regions;
	uint64_t root;               /* CR3 */
	isle_uva_t brk_start, brk, mmap_top;
	uint64_t resident;           /* pages present, of 4 KiB */

	uint32_t nr_shared;          /* shared mappings ever made: while 0 nobody need look for them (atomic) */
	struct cpuset active;        /* cores whose CR3 may be ours: who changes pages interrupts them (atomic) */
};

/* How a page is accessed. */
enum { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_EXEC = 4 };

struct aspace *aspace_create(void);
/* No core uses it any more. */
void aspace_destroy(struct aspace *aspace);
/* Takes all mappings out: it is as new, and still the same object. 0, -ENOMEM (half of it is gone then). */
int aspace_reset(struct aspace *aspace);
/* Makes it this core's; NULL: the kernel's tables only. */
void aspace_activate(struct aspace *aspace);

/*
 * Makes the page at addr present for this access. 0; -EFAULT nothing is mapped there; -EACCES not
 * with these rights; -ENOMEM; -EIO behind the end of a file (SIGBUS).
 */
int aspace_fault(struct aspace *aspace, isle_uva_t addr, uint32_t access);

/*
 * Makes [addr, addr + size) present for this access. Returns 0, or the error of the first page that
 * cannot be; what comes before it is present.
 */
int aspace_populate(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t access);

/*
 * mmap without a descriptor: places model (its start is a hint unless fixed; 0 size is -EINVAL) and
 * returns the address or -errno. Holds of the model's file pass to the address space on success
 * only.
 */
int64_t aspace_map(struct aspace *aspace, struct region *model, uint64_t size, bool fixed, bool replace);
int aspace_unmap(struct aspace *aspace, isle_uva_t addr, uint64_t size);
int aspace_protect(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t prot);
/*
 * Shows the isle kernel's own memory in a mapping of anonymous memory that nobody has touched yet: for reading only,
 * for good, and not to the proxy. Whole pages. 0, -ENOMEM.
 */
int aspace_show(struct aspace *aspace, isle_uva_t addr, isle_hpa_t hpa, uint64_t size);

/*
 * Shared mapping of Linux's own pages: of a file behind the program's descriptor, or (REGION_F_SHM) of a System V
 * segment, whose number source is. The model has offset, size, device and inode of the file, and whether it may be
 * written. Its address or -errno; -ENODEV: Linux does not let these pages be kept.
 */
int64_t aspace_map_shared(struct aspace *aspace, struct region *model, uint64_t size, int32_t source, bool fixed,
			  bool replace);
/* Detaches the System V segment attached at addr. 0, or -EINVAL if there is none. */
int aspace_detach(struct aspace *aspace, isle_uva_t addr);
/*
 * A file changed its size or lost pages: what is mapped of it from off on is asked for again when it is touched.
 * ino 0: any file.
 */
void aspace_shared_changed(struct aspace *aspace, uint64_t dev, uint64_t ino, uint64_t off);
/* mremap with Linux's flags. The address or -errno. */
int64_t aspace_remap(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size, uint64_t flags,
		     isle_uva_t to);
/* Forgets the contents: pages are filled anew when they are touched. 0, -ENOMEM. */
int aspace_discard(struct aspace *aspace, isle_uva_t addr, uint64_t size);
/* Sets and clears REGION_F_* of a range. 0, -ENOMEM. */
int aspace_flag(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t on, uint32_t off);
/* Whether all of a range is mapped; whether some of it is Linux's; whether a page is there. */
bool aspace_covers(struct aspace *aspace, isle_uva_t addr, uint64_t size);
bool aspace_has_shared(struct aspace *aspace, isle_uva_t addr, uint64_t size);
/* Whether addr lies in a mapping of Linux's pages. */
bool aspace_is_shared(struct aspace *aspace, isle_uva_t addr);
/* Where Linux's page at addr lies, with the offset in it; 0 if there is none of Linux's. */
isle_hpa_t aspace_shared_at(struct aspace *aspace, isle_uva_t addr);
bool aspace_present(struct aspace *aspace, isle_uva_t addr);

/* The node of a present page; -ENOENT it is absent, -EFAULT nothing is mapped, -EOPNOTSUPP it is Linux's. */
int aspace_page_node(struct aspace *aspace, isle_uva_t addr);
/* Moves a present page to a node of the isle. That node; or as above, -EBUSY, -ENOMEM. */
int aspace_page_move(struct aspace *aspace, isle_uva_t addr, uint32_t node);
/*
 * Present pages of a range that lie on one of the nodes `from` and not where the policy wants them: how many (of
 * 4 KiB), after those that can be were moved if `move`.
 */
uint64_t aspace_pages_place(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint64_t from,
			    const struct policy *policy, bool move);
/* The policy of what is mapped at addr, of a whole range; -EFAULT where nothing is. -ENOMEM. */
int aspace_policy_get(struct aspace *aspace, isle_uva_t addr, struct policy *policy);
int aspace_policy_set(struct aspace *aspace, isle_uva_t start, isle_uva_t end, const struct policy *policy);
/* Where to begin, for policies that have several nodes: -EOPNOTSUPP for others, -ENOENT if there is none. */
int aspace_policy_home(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint32_t node);

#endif
