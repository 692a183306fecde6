// SPDX-License-Identifier: MIT
/*
 * map.c - puts the vDSO into a program's address space: the counters of all cores, the data page, then the image.
 *
 * Each program has a copy of its own of the latter two: three pages, written once, that nothing else needs to know of.
 * The counters are the cores' own pages.
 */
#include <kern/vdso.h>

#include <isle/counters.h>
#include <kern/aspace.h>
#include <kern/boot.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/kmalloc.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/uaccess.h>
#include <vdso/data.h>

extern const uint8_t vdso_image[], vdso_image_end[];

/* Writes the data page. 0 or -errno. */
static int data_put(isle_uva_t at)
{
	struct vdso_data *data = kzalloc(sizeof(*data));
	uint32_t row;
	int err;

	if (!data)
		return -ENOMEM;
	clock_vdso(data);
	data->nr_rows = boot->nr_cpus;
	for (row = 0; row < boot->nr_cpus; row++)
		if (boot_cpu(row)->linux_cpu < VDSO_CPUS)
			data->row[boot_cpu(row)->linux_cpu] = (uint16_t)(row + 1);
	err = copy_to_user(at, data, sizeof(*data));
	kfree(data);
	return err;
}

void vdso_map(struct process *process)
{
	struct region model = {
		.kind = REGION_ANON, .prot = REGION_READ | REGION_WRITE, .flags = REGION_F_VDSO | REGION_F_NOHUGE,
	};
	uint64_t size = (uint64_t)(vdso_image_end - vdso_image);
	uint64_t counters = boot->nr_cpus * sizeof(struct isle_counters);
	int64_t at = aspace_map(process->aspace, &model, counters + VDSO_DATA_SIZE + size, false, false);
	isle_uva_t data = (isle_uva_t)at + counters, image = data + VDSO_DATA_SIZE;
	int err = at < 0 ? (int)at : 0;

	if (!err)
		err = aspace_show(process->aspace, (isle_uva_t)at, ipa_to_hpa(boot->counters_ipa), counters);
	if (!err)
		err = data_put(data);
	if (!err)
		err = copy_to_user(image, vdso_image, size);
	if (!err)
		err = aspace_protect(process->aspace, data, VDSO_DATA_SIZE, REGION_READ);
	if (!err)
		err = aspace_protect(process->aspace, image, size, REGION_READ | REGION_EXEC);
	if (err)
		log_warn("vdso: it cannot be mapped (error %d); clocks are system calls", -err);
	else
		process->vdso = image;
}
