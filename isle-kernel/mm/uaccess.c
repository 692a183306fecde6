// SPDX-License-Identifier: MIT
/*
 * uaccess.c - copies between kernel and program.
 */
#include <kern/uaccess.h>

#include <arch/user.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/string.h>
#include <kern/thread.h>

bool user_smap;

static void *user_ptr(isle_uva_t addr)
{
	return (void *)(uintptr_t)addr;
}

/* user_copy leaves a number of bytes that it did not copy. */
static int copy(void *to, const void *from, size_t size)
{
	size_t left = user_copy(to, from, size);

	counter_add(BYTES_COPIED, size - left);
	return left ? -EFAULT : 0;
}

int copy_from_user(void *to, isle_uva_t from, size_t size)
{
	return user_range(from, size) ? copy(to, user_ptr(from), size) : -EFAULT;
}

int copy_to_user(isle_uva_t to, const void *from, size_t size)
{
	return user_range(to, size) ? copy(user_ptr(to), from, size) : -EFAULT;
}

int word_from_user(void *to, isle_uva_t from, bool wide)
{
	if (!user_range(from, sizeof(uint64_t)))
		return copy_from_user(to, from, wide ? sizeof(uint64_t) : sizeof(uint32_t));
	return (wide ? user_read64(user_ptr(from), to) : user_read32(user_ptr(from), to)) ? -EFAULT : 0;
}

int word_to_user(isle_uva_t to, const void *from, bool wide)
{
	if (!user_range(to, sizeof(uint64_t)))
		return copy_to_user(to, from, wide ? sizeof(uint64_t) : sizeof(uint32_t));
	return (wide ? user_write64(user_ptr(to), from) : user_write32(user_ptr(to), from)) ? -EFAULT : 0;
}

int copy_in_user(isle_uva_t to, isle_uva_t from, size_t size)
{
	return user_range(to, size) && user_range(from, size) ? copy(user_ptr(to), user_ptr(from), size) : -EFAULT;
}

int clear_user(isle_uva_t to, size_t size)
{
	return user_range(to, size) && user_clear(user_ptr(to), size) == 0 ? 0 : -EFAULT;
}

/* Page by page: a string may end just before a page that is not there. */
int string_from_user(char *to, isle_uva_t from, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t part = 4096 - ((from + done) & 4095), length;

		if (part > size - done)
			part = size - done;
		if (copy_from_user(to + done, from + done, part))
			return -EFAULT;
		length = zero_find(to + done, part);
		if (length < part)
			return (int)(done + length);
		done += part;
	}
	return -ENAMETOOLONG;
}

bool user_peek32(isle_uva_t addr, uint32_t *value)
{
	struct thread *me = thread_current();
	bool got;

	me->peeking = true;
	got = user_range(addr, sizeof(*value)) && !user_read32(user_ptr(addr), value);
	me->peeking = false;
	return got;
}

bool user_poke32(isle_uva_t addr, uint32_t expected, uint32_t desired, uint32_t *found)
{
	struct thread *me = thread_current();
	bool done;

	me->peeking = true;
	done = user_cmpxchg32(addr, expected, desired, found) == 0;
	me->peeking = false;
	return done;
}

int user_cmpxchg32(isle_uva_t addr, uint32_t expected, uint32_t desired, uint32_t *found)
{
	if (!user_range(addr, sizeof(uint32_t)) || (addr & 3))
		return -EFAULT;
	return user_cmpxchg(user_ptr(addr), expected, desired, found) ? -EFAULT : 0;
}
