// SPDX-License-Identifier: MIT
/*
 * ops.c - what the debugger asks about the stopped program: threads, registers, memory, mappings.
 *
 * Runs in the debug server's thread. Everything in the block may change while it is read (the proxy is not trusted),
 * so each word is read once.
 */
#include <kern/debug.h>

#include <arch/context.h>
#include <kern/aspace.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)

struct thread *debug_thread(struct process *process, uint32_t tid)
{
	struct thread *found = NULL;
	struct list *link;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		/* One that ends does not stop any more, and may be gone when we look at it. */
		if (thread->tid == tid && thread != process->debug->server && !thread->leaving)
			found = thread;
	}
	spin_unlock(&process->lock);
	return found;
}

static int threads_list(struct process *process, struct isle_debug *block)
{
	struct isle_debug_thread *out = (struct isle_debug_thread *)block->data;
	uint32_t n = 0, most = ISLE_DEBUG_DATA / sizeof(*out);
	struct list *link;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread == process->debug->server || thread->leaving || n == most)
			continue;
		out[n].tid = thread->tid;
		out[n].row = thread->row;
		out[n].sigpending = thread->sig_pending;
		out[n].sigblocked = thread->sig_blocked;
		memcpy(out[n].name, thread->name, sizeof(out[n].name));
		n++;
	}
	spin_unlock(&process->lock);
	return (int)(n * sizeof(*out));
}

/* The area of a stopped thread is current: it was saved when the server took its core. */
static int fpu_get(const struct thread *thread, struct isle_debug *block)
{
	uint32_t size = context_fpu_size < ISLE_DEBUG_DATA ? context_fpu_size : ISLE_DEBUG_DATA;

	memcpy(block->data, thread->fpu, size);
	return (int)size;
}

static int fpu_set(struct thread *thread, const struct isle_debug *block, uint32_t len)
{
	if (len < 512 || len > context_fpu_size)
		return -EINVAL;
	return context_fpu_put(thread, block->data, len) ? 0 : -EINVAL;
}

static int memory_read(struct aspace *aspace, struct isle_debug *block, isle_uva_t addr, uint32_t len, uint32_t flags)
{
	uint32_t done = 0;

	if ((flags & ISLE_DEBUG_F_PRESENT) && !aspace_present(aspace, addr))
		return -ENODATA;
	/* Page by page: what can be read before a hole is an answer. */
	while (done < len) {
		uint32_t part = (uint32_t)(ISLE_PAGE_SIZE - ((addr + done) & PAGE_LOW));

		part = part < len - done ? part : len - done;
		if (copy_from_user(block->data + done, addr + done, part))
			break;
		done += part;
	}
	return done ? (int)done : -EFAULT;
}

/* The protection of the page at addr; 0 if there is none. */
static uint32_t page_prot(struct aspace *aspace, isle_uva_t addr)
{
	const struct region *region;
	uint32_t prot;

	mutex_lock(&aspace->lock);
	region = region_find(&aspace->regions, addr);
	prot = region && region->kind != REGION_SHARED ? region->prot : 0;
	mutex_unlock(&aspace->lock);
	return prot;
}

/* Within one page. Breakpoints are written where the program may not write. */
static int page_write(struct aspace *aspace, isle_uva_t addr, const void *from, uint32_t len)
{
	isle_uva_t page = addr & ~(isle_uva_t)PAGE_LOW;
	uint32_t prot;
	int err;

	if (copy_to_user(addr, from, len) == 0)
		return 0;
	prot = page_prot(aspace, addr);
	if (!prot || (prot & REGION_WRITE))
		return -EFAULT;
	err = aspace_protect(aspace, page, ISLE_PAGE_SIZE, prot | REGION_WRITE);
	if (err)
		return err;
	err = copy_to_user(addr, from, len);
	aspace_protect(aspace, page, ISLE_PAGE_SIZE, prot);
	return err;
}

static int memory_write(struct process *process, const struct isle_debug *block, isle_uva_t addr, uint32_t len)
{
	uint32_t done = 0;

	while (done < len) {
		uint32_t part = (uint32_t)(ISLE_PAGE_SIZE - ((addr + done) & PAGE_LOW));
		int err;

		part = part < len - done ? part : len - done;
		err = page_write(process->aspace, addr + done, block->data + done, part);
		if (err)
			return -EFAULT;
		done += part;
	}
	return 0;
}

static int regions_list(struct aspace *aspace, struct isle_debug *block, isle_uva_t addr)
{
	struct isle_debug_region *out = (struct isle_debug_region *)block->data;
	uint32_t n = 0, most = ISLE_DEBUG_DATA / sizeof(*out);
	const struct region *region;

	mutex_lock(&aspace->lock);
	for (region = region_find_from(&aspace->regions, addr); region && n < most;
	     region = region_next(&aspace->regions, region)) {
		out[n].start = region->start;
		out[n].end = region->end;
		out[n].prot = region->prot;
		out[n].file = region->kind == REGION_FILE;
		n++;
	}
	mutex_unlock(&aspace->lock);
	return (int)(n * sizeof(*out));
}

static int auxv_get(const struct process *process, struct isle_debug *block)
{
	uint64_t size = process->auxv_size < ISLE_DEBUG_DATA ? process->auxv_size : ISLE_DEBUG_DATA;

	return copy_from_user(block->data, process->auxv, size) ? -EFAULT : (int)size;
}

int debug_op(struct process *process, struct isle_debug *block, uint32_t op)
{
	uint32_t len = *(volatile uint32_t *)&block->len, tid = *(volatile uint32_t *)&block->tid;
	isle_uva_t addr = *(volatile uint64_t *)&block->addr;
	struct isle_debug_regs regs;
	struct thread *thread = NULL;

	if (op >= ISLE_DEBUG_REGS && op <= ISLE_DEBUG_FPU_SET) {
		thread = debug_thread(process, tid);
		if (!thread)
			return -ESRCH;
	}
	if (len > ISLE_DEBUG_DATA || !user_range(addr, len))
		return -EINVAL;
	switch (op) {
	case ISLE_DEBUG_THREADS:
		return threads_list(process, block);
	case ISLE_DEBUG_REGS:
		debug_regs_get(thread, &regs);
		memcpy(block->data, &regs, sizeof(regs));
		return sizeof(regs);
	case ISLE_DEBUG_REGS_SET:
		memcpy(&regs, block->data, sizeof(regs));
		debug_regs_set(thread, &regs);
		return 0;
	case ISLE_DEBUG_FPU:
		return fpu_get(thread, block);
	case ISLE_DEBUG_FPU_SET:
		return fpu_set(thread, block, len);
	case ISLE_DEBUG_READ:
		return memory_read(process->aspace, block, addr, len, block->flags);
	case ISLE_DEBUG_WRITE:
		return memory_write(process, block, addr, len);
	case ISLE_DEBUG_REGIONS:
		return regions_list(process->aspace, block, addr);
	case ISLE_DEBUG_AUXV:
		return auxv_get(process, block);
	default:
		return -ENOSYS;
	}
}
