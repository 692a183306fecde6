// SPDX-License-Identifier: GPL-2.0
/*
 * chardev.c - /dev/isle: one open file is at most one isle; closing it reaps the isle.
 *
 * isle_file.isle is set once, by CREATE, and stays until release, which comes when nobody is in
 * an ioctl of the file, waits on it, or has it mapped. So who has the file may use the isle.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "chardev.h"
#include "doorbell.h"
#include "ioctl.h"
#include "isle.h"
#include "reap.h"
#include "sysfs.h"

static int isle_open(struct inode *inode, struct file *file)
{
	struct isle_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	file->private_data = f;
	return 0;
}

static int isle_release(struct inode *inode, struct file *file)
{
	struct isle_file *f = file->private_data;

	if (f->isle)
		isle_reap(f->isle);
	kfree(f);
	return 0;
}

static __poll_t isle_poll(struct file *file, poll_table *table)
{
	struct isle_file *f = file->private_data;
	struct isle *isle = READ_ONCE(f->isle);
	__poll_t events = 0;

	if (!isle)
		return EPOLLERR;
	poll_wait(file, &isle->wait, table);
	isle_doorbell_poll(isle);
	if (READ_ONCE(isle->bells))
		events |= EPOLLIN | EPOLLRDNORM;
	if (isle_life_ended(isle_life(isle)))
		events |= EPOLLHUP;
	return events;
}

/* Each page by its struct page, so that read, write and direct I/O on isle memory work. */
static vm_fault_t isle_fault(struct vm_fault *vmf)
{
	struct isle_file *f = vmf->vma->vm_file->private_data;
	u64 ipa = (u64)vmf->pgoff << PAGE_SHIFT;
	struct isle *isle = f->isle;
	u8 use;

	/* boot is set by LOAD and cleared by reaping only, which waits for mappings to go. */
	if (!READ_ONCE(isle->boot) || ipa >= isle->mem_size)
		return VM_FAULT_SIGBUS;
	use = isle_granule_use(isle, ipa);
	if (use != ISLE_GRANULE_USER && use != ISLE_GRANULE_WINDOW)
		return VM_FAULT_SIGBUS;
	vmf->page = pfn_to_page(PHYS_PFN(isle_hpa(isle, ipa)));
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct isle_vm_ops = {
	.fault = isle_fault,
};

static int isle_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct isle_file *f = file->private_data;
	struct isle *isle = READ_ONCE(f->isle);
	u64 pages;

	if (!isle)
		return -ENODEV;
	pages = isle->mem_size >> PAGE_SHIFT;
	if (!(vma->vm_flags & VM_SHARED) || vma->vm_pgoff > pages ||
	    vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	isle_vma_set_flags(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &isle_vm_ops;
	return 0;
}

static const struct file_operations isle_fops = {
	.owner = THIS_MODULE,
	.open = isle_open,
	.release = isle_release,
	.poll = isle_poll,
	.mmap = isle_mmap,
	.unlocked_ioctl = isle_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

/* udev gives it a group: isles are made by its members, the reserve by root. */
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "isle",
	.fops = &isle_fops,
	.mode = 0660,
	.groups = isle_sysfs_device_groups,
};

struct device *isle_chardev_device(void)
{
	return device.this_device;
}

int isle_chardev_init(void)
{
	return misc_register(&device);
}

void isle_chardev_exit(void)
{
	misc_deregister(&device);
}
