/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - what differs between the kernels we build for. Force-included by Kbuild into every C
 * file; the only place where the version of Linux is looked at.
 */
#ifndef ISLE_COMPAT_H
#define ISLE_COMPAT_H

/* Before any header of Linux that would define it. */
#define pr_fmt(fmt) "isle: " fmt

#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/irq.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/stddef.h>
#include <linux/version.h>
#include <asm/msr.h>

/*
 * 7.x: the third argument of alloc_contig_range() became a set of flags, in which MIGRATE_MOVABLE
 * would still compile, and mean "from CMA".
 */
#ifdef ACR_FLAGS_NONE
#define ISLE_CONTIG_ARG ACR_FLAGS_NONE
#else
#define ISLE_CONTIG_ARG MIGRATE_MOVABLE
#endif

/* 7.x renamed the accessors that take 64 bits. */
#if !defined(rdmsrl) && defined(rdmsrq)
#define rdmsrl rdmsrq
#define wrmsrl wrmsrq
#endif

/* Since 6.3 vm_flags is changed by functions only. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void isle_vma_set_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}
#else
static inline void isle_vma_set_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vm_flags_set(vma, flags);
}
#endif

/* Whether pages must not change while they are written back; since 6.7 files may say so themselves. */
static inline bool isle_stable_writes(struct inode *inode)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	if (mapping_stable_writes(inode->i_mapping))
		return true;
#endif
	return inode->i_sb->s_iflags & SB_I_STABLE_WRITES;
}

/*
 * Our interrupt may be moved at any time, not only while one is handled. Until 6.14 that was a
 * flag of the line; afterwards it is the default.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
static inline void isle_irq_set_movable(unsigned int virq)
{
	irq_set_status_flags(virq, IRQ_MOVE_PCNTXT);
}
#else
static inline void isle_irq_set_movable(unsigned int virq)
{
}
#endif

#endif
