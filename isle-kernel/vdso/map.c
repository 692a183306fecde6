// SPDX-License-Identifier: MIT
/*
 * map.c - puts the vDSO into a program's address space: the data page, then the image.
 *
 * Each program has a copy of its own: three pages, written once, that nothing else needs to know of.
 */
#include <kern/vdso.h>

#include <kern/aspace.h>
#include <kern/clock.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/uaccess.h>
#include <vdso/data.h>

extern const uint8_t vdso_image[], vdso_image_end[];

void vdso_map(struct process *process)
{
	struct region model = {
		.kind = REGION_ANON, .prot = REGION_READ | REGION_WRITE, .flags = REGION_F_VDSO | REGION_F_NOHUGE,
	};
	uint64_t size = (uint64_t)(vdso_image_end - vdso_image), all = VDSO_DATA_SIZE + size;
	struct vdso_data data;
	int64_t at = aspace_map(process->aspace, &model, all, false, false);
	int err = at < 0 ? (int)at : 0;

	clock_vdso(&data);
	if (!err)
		err = put_user(&data, (isle_uva_t)at);
	if (!err)
		err = copy_to_user((isle_uva_t)at + VDSO_DATA_SIZE, vdso_image, size);
	if (!err)
		err = aspace_protect(process->aspace, (isle_uva_t)at, VDSO_DATA_SIZE, REGION_READ);
	if (!err)
		err = aspace_protect(process->aspace, (isle_uva_t)at + VDSO_DATA_SIZE, size,
				     REGION_READ | REGION_EXEC);
	if (err)
		log_warn("vdso: it cannot be mapped (error %d); clocks are system calls", -err);
	else
		process->vdso = (isle_uva_t)at + VDSO_DATA_SIZE;
}
