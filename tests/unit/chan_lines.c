// SPDX-License-Identifier: MIT
/*
 * chan_lines.c - which cache lines of the window the isle kernel touches for a forwarded call, every access of it;
 * tests/serve/lines.c looks at the other end. Catches: one more line in each call.
 */
#include "unit.h"
#include "lines.h"

#include <kern/ipi.h>

/* In place of the other cores' calls, for which a core that waits looks: the proxy answers. */
static void proxy_answers(void);
#define ipi_poll proxy_answers
#include "chan/chan.c"
#undef ipi_poll
#include "chan/mirror.c"

static struct process process;
static struct thread thread = { .process = &process };
static unsigned int polls, rings;

/* What a call that is answered while it polls needs not. */
void thread_block_prepare(void) { abort(); }
void thread_block(void) { abort(); }
void thread_wake(struct thread *woken) { (void)woken; abort(); }
void vfork_gone(void) { abort(); }

/* By a mapping of its own, as it were: what it touches is not noted. */
static void proxy_answers(void)
{
	struct isle_slot *slot;

	if (++polls < 5)
		return;
	mprotect(lines.at, lines.size, PROT_READ | PROT_WRITE);
	slot = &slots[thread.slot];
	slot->result = 42;
	__atomic_store_n(&slot->done, slot->submit, __ATOMIC_RELEASE);
	rings += boot->bell != 0;
	mprotect(lines.at, lines.size, PROT_NONE);
}

TEST(a_call_touches_two_lines)
{
	struct isle_extent list[] = { { .hpa = 64ull << 20, .size = 64ull << 20, .node = 0 } };
	struct isle_slot *slot;
	unsigned int left;
	uint8_t *window;
	size_t at;
	int i;

	host_start(list, 1);
	params_parse(&params, "spin=1000000", NULL);
	this_cpu()->current = &thread;
	chan_init();
	thread.slot = (uint32_t)chan_slot_take(1);
	window = window_at(0);
	slot = &slots[thread.slot];
	slot->armed = ISLE_SLOT_AWAKE;
	at = (size_t)((uint8_t *)slot - window);
	for (i = 0; i < 3; i++) {
		const uint64_t arg[6] = { 1, 2, 3 };
		int64_t result;

		polls = 0;
		lines_begin(window, ISLE_WINDOW_SIZE);
		result = chan_call(39, arg, true, NULL);
		lines_end();
		EXPECT_EQ(result, 42);
		EXPECT_EQ(slot->nr, 39);
		EXPECT_EQ(lines_of(at) & LINES_WRITE, LINES_WRITE);
		EXPECT_EQ(lines_of(at + offsetof(struct isle_slot, done)), LINES_READ);
		left = lines_left();
		EXPECT_THAT(!left, "%u lines more are touched", left);
	}
	EXPECT_EQ(rings, 0);
}

/* Catches: a mirror that is published one by one, or with what has been published before. */
TEST(a_call_after_a_change_of_memory_touches_the_head_too)
{
	uint8_t *window = window_at(0);
	size_t at = (size_t)((uint8_t *)&slots[thread.slot] - window);
	const uint64_t arg[6] = { 0 };
	unsigned int left;

	mirror_map(0x10000000, boot->private_size + ISLE_WINDOW_SIZE + (64ull << 20), ISLE_PAGE_SIZE, 3);
	polls = 0;
	lines_begin(window, ISLE_WINDOW_SIZE);
	chan_call(39, arg, true, NULL);
	lines_end();
	EXPECT_NE(lines_of(at), 0);
	EXPECT_NE(lines_of(at + offsetof(struct isle_slot, done)), 0);
	EXPECT_EQ(lines_of(ISLE_WINDOW_MIRROR + offsetof(struct isle_mirror, head)), LINES_WRITE);
	left = lines_left();
	EXPECT_THAT(!left, "%u lines more are touched", left);
}

int main(void)
{
	return check_main(NULL);
}
