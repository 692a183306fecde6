// SPDX-License-Identifier: MIT
/*
 * forward.c - what must be done before the proxy can make a call: its buffers must be present.
 *
 * The proxy sees only pages that are present, so every buffer that a row names is populated first,
 * with the access that the call will make. A call that then runs into an absent page gets EFAULT
 * from Linux, as it would for a bad pointer.
 */
#include <kern/syscall.h>

#include "background.h"

#include <kern/aspace.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/report.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#include <isle/call.h>

#define IOV_MAX       1024u
/* Strings are populated as far as they are mapped, up to this: Linux reads no more of a path. */
#define STRING_MAX    4096u
/* Linux transfers at most this much in one call (fs/read_write.c, MAX_RW_COUNT). */
#define TRANSFER_MAX  0x7ffff000ull

struct user_iovec { isle_uva_t base; uint64_t len; };

/* Linux's struct user_msghdr. */
struct user_msghdr {
	isle_uva_t name;
	uint32_t namelen, pad0;
	isle_uva_t iov;
	uint64_t iovlen;
	isle_uva_t control;
	uint64_t controllen;
	uint32_t flags, pad1;
};

struct user_mmsghdr {
	struct user_msghdr hdr;
	uint32_t len, pad;
};

static int present(isle_uva_t addr, uint64_t size, bool write)
{
	if (size > TRANSFER_MAX)
		size = TRANSFER_MAX;
	if (!user_range(addr, size))
		return -EFAULT;
	return aspace_populate(process_current()->aspace, addr, size, write ? ACCESS_WRITE : ACCESS_READ);
}

/* As much as is mapped; what is missing the call finds out itself. */
static void present_some(isle_uva_t addr, uint64_t size, bool write)
{
	if (user_range(addr, 1))
		present(addr, size, write);
}

/*
 * A buffer that is absent in part is no error yet: Linux transfers what it can. Only want of memory
 * is told, since the program would otherwise see EFAULT for it.
 */
static int buffer_present(isle_uva_t addr, uint64_t size, bool write)
{
	int err = size ? present(addr, size, write) : 0;

	return err == -ENOMEM ? err : 0;
}

static int iovec_present(isle_uva_t iov, uint64_t count, bool write)
{
	uint64_t i;

	if (count > IOV_MAX)
		return 0; /* Linux says EINVAL */
	if (present(iov, count * sizeof(struct user_iovec), false))
		return 0;
	for (i = 0; i < count; i++) {
		struct user_iovec part;
		int err;

		if (get_user(&part, iov + i * sizeof(part)))
			return 0;
		err = buffer_present(part.base, part.len, write);
		if (err)
			return err;
	}
	return 0;
}

static int msghdr_present(isle_uva_t at, bool write)
{
	struct user_msghdr hdr;
	int err;

	if (present(at, sizeof(hdr), write) || get_user(&hdr, at))
		return 0;
	if (hdr.name)
		present_some(hdr.name, hdr.namelen, write);
	if (hdr.control)
		present_some(hdr.control, hdr.controllen, write);
	err = iovec_present(hdr.iov, hdr.iovlen, write);
	return err;
}

static int mmsghdr_present(isle_uva_t at, uint64_t count, bool write)
{
	uint64_t i;
	int err = 0;

	for (i = 0; i < count && i < IOV_MAX && !err; i++) {
		/* len is written in both directions. */
		present_some(at + i * sizeof(struct user_mmsghdr), sizeof(struct user_mmsghdr), true);
		err = msghdr_present(at + i * sizeof(struct user_mmsghdr), write);
	}
	return err;
}

/* A buffer whose length is behind a pointer, as accept has it. */
static int length_present(isle_uva_t addr, isle_uva_t length_at)
{
	uint32_t length;

	if (present(length_at, sizeof(length), true) || get_user(&length, length_at))
		return 0;
	return buffer_present(addr, length, true);
}

static int one_present(const struct syscall_buffer *b, const uint64_t arg[6])
{
	isle_uva_t at = arg[b->arg];
	uint64_t n = arg[b->count_arg];

	if (!at)
		return 0;
	switch (b->kind) {
	case BUFFER_S:
		present_some(at, STRING_MAX, false);
		return 0;
	case BUFFER_A:
		/* Writable if it can be: a read-only page cannot be the result's. */
		present_some(at, b->size, true);
		present_some(at, b->size, false);
		return 0;
	case BUFFER_R:
	case BUFFER_W:
		return buffer_present(at, n, b->kind == BUFFER_W);
	case BUFFER_RC:
	case BUFFER_WC:
		return buffer_present(at, b->size, b->kind == BUFFER_WC);
	case BUFFER_RX:
	case BUFFER_WX:
		return n > TRANSFER_MAX ? 0 : buffer_present(at, n * b->size, b->kind == BUFFER_WX);
	case BUFFER_RV:
	case BUFFER_WV:
		return iovec_present(at, n, b->kind == BUFFER_WV);
	case BUFFER_RM:
	case BUFFER_WM:
		return msghdr_present(at, b->kind == BUFFER_WM);
	case BUFFER_RMM:
	case BUFFER_WMM:
		return mmsghdr_present(at, n, b->kind == BUFFER_WMM);
	default:
		return length_present(at, arg[b->count_arg]);
	}
}

/* poll, select and their kind go on when no handler ran, as after a stop. */
static bool polls(uint32_t nr)
{
	return nr == 7 || nr == 23 || nr == 270 || nr == 271;
}

/* Forwarded calls that end with EINTR whatever the handler's flags say: signal(7). */
static bool never_again(uint32_t nr)
{
	static const uint16_t calls[] = {
		35, 65, 69, 70, 220, 230, 232, 281, 441, /* nanosleep ... epoll_pwait2 */
	};
	uint32_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == nr)
			return true;
	return false;
}

void syscall_present(isle_uva_t at, uint64_t size)
{
	if (!at || !size)
		return;
	present_some(at, size, true);
	present_some(at, size, false);
}

/* A thread got its name through /proc, by a write that the proxy made. */
static void name_take(void)
{
	struct process *process = process_current();
	struct list *link;
	char name[16];
	uint32_t tid = chan_named(name);

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread->tid == (tid ? tid : process->pid))
			memcpy(thread->name, name, sizeof(name));
	}
	spin_unlock(&process->lock);
}

/* Makes all buffers present. 0 or -errno. */
static int buffers_present(uint32_t nr, const uint64_t arg[6])
{
	const struct syscall_buffer *b;
	int err = 0;

	for (b = syscall_table[nr].buffer; b->kind != BUFFER_END && !err; b++)
		err = one_present(b, arg);
	return err;
}

/* Has the proxy make the call, with its buffers present. */
static int64_t call_make(uint32_t nr, const uint64_t arg[6], uint32_t *flags)
{
	struct thread *me = thread_current();
	int64_t result;

	*flags = 0;
	/* From here on the buffers stay where they are (mm/migrate.c). */
	__atomic_store_n(&me->calling, true, __ATOMIC_RELEASE);
	result = buffers_present(nr, arg);
	if (!result)
		result = chan_call(nr, arg, true, flags);
	__atomic_store_n(&me->calling, false, __ATOMIC_RELEASE);
	return result;
}

int64_t syscall_forward(uint32_t nr, const uint64_t arg[6])
{
	uint32_t flags;
	int64_t result = call_make(nr, arg, &flags);

	/* It looks at a file of /proc that is about us: once, so that a proxy cannot keep a thread here. */
	if (flags & ISLE_DONE_F_REPORT) {
		int err = report_send(flags & ISLE_DONE_F_REGIONS);

		if (err)
			return err;
		result = call_make(nr, arg, &flags);
	}
	if (flags & (ISLE_DONE_F_TTIN | ISLE_DONE_F_TTOU)) {
		bool again;

		result = background_answer(flags, &again);
		if (!again)
			return result;
		result = call_make(nr, arg, &flags);
	}
	if (flags & ISLE_DONE_F_NAMED)
		name_take();
	if (flags & ISLE_DONE_F_SIGPIPE)
		signal_send_thread(thread_current(), SIGNAL_PIPE);
	if (flags & ISLE_DONE_F_SIGXFSZ)
		signal_send_thread(thread_current(), SIGNAL_XFSZ);
	/* Broken off by one of our signals: the way back decides whether it is made again. */
	if (result != -EINTR || !(thread_current()->work & THREAD_WORK_SIGNAL))
		return result;
	if (polls(nr))
		return -ERESTARTNOHAND;
	return never_again(nr) ? -EINTR : -ERESTARTSYS;
}
