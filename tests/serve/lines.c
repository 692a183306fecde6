// SPDX-License-Identifier: MIT
/*
 * lines.c - which cache lines of the window a worker touches for a call, every access of it; tests/unit/chan_lines.c
 * looks at the other end. docs/counts.md says what is promised. Catches: one more line in each call.
 *
 * The worker's code runs in this thread, because a worker's own blocks the signals by which accesses are seen.
 */
#include "../lib/check.h"
#include "../lib/lines.h"

/* What it does for one call is of no interest to anybody else. */
#include "serve/worker.c"

#include "fake.h"

#include <sys/syscall.h>

#define SLOT     3u
#define SLOT_AT  (ISLE_WINDOW_SLOTS + SLOT * sizeof(struct isle_slot))

/* Each side's words lie in lines of their own. */
_Static_assert(offsetof(struct isle_slot, submit) == 0 && offsetof(struct isle_slot, tid) < 64, "first line: the isle");
_Static_assert(offsetof(struct isle_slot, done) == 64 && offsetof(struct isle_slot, name) < 128, "second: the proxy");
_Static_assert(offsetof(struct isle_slot, asleep) == 128 && offsetof(struct isle_slot, cancel) < 192, "third: seldom");
_Static_assert(offsetof(struct isle_slot, calls) == 192 && offsetof(struct isle_slot, copied) < 256, "fourth: counts");
_Static_assert(ISLE_WINDOW_SLOTS % 64 == 0 && sizeof(struct isle_slot) % 64 == 0, "slots share no line");
_Static_assert(offsetof(struct isle_mirror, tail) - offsetof(struct isle_mirror, head) >= 64, "nor do head and tail");

static struct fake fake;

TEST(a_call_touches_four_lines_that_are_shared)
{
	/* The isle's view of the same memory, which is not watched. */
	uint8_t *window = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
			       (fake_start(&fake), fake.mem_fd), 0);
	struct isle_slot *slot = (struct isle_slot *)(window + SLOT_AT);
	struct caller caller = { .spawn = NULL };
	unsigned int left;
	int i;

	ASSERT(window != MAP_FAILED);
	slot->armed = ISLE_SLOT_AWAKE;
	slot->nr = SYS_getppid;
	for (i = 0; i < 3; i++) {
		slot->submit++;
		lines_begin(fake.mem, ISLE_WINDOW_SIZE);
		EXPECT_EQ(call_await(&fake.server, SLOT, server_slot(&fake.server, SLOT), slot->done), 0);
		call_serve(&fake.server, server_slot(&fake.server, SLOT), &caller);
		lines_end();
		EXPECT_EQ(slot->result, getppid());
		EXPECT_EQ(slot->done, slot->submit);
		EXPECT_EQ(lines_of(SLOT_AT), LINES_READ);                                   /* the question */
		EXPECT_EQ(lines_of(SLOT_AT + offsetof(struct isle_slot, done)) & LINES_WRITE, LINES_WRITE);
		EXPECT_EQ(lines_of(SLOT_AT + offsetof(struct isle_slot, asleep)), LINES_READ);
		EXPECT_EQ(lines_of(ISLE_WINDOW_MIRROR + offsetof(struct isle_mirror, head)), LINES_READ);
		/* Its own: the isle never looks at it. */
		EXPECT_NE(lines_of(SLOT_AT + offsetof(struct isle_slot, calls)), 0);
		left = lines_left();
		EXPECT_THAT(!left, "%u lines more are touched", left);
	}
	munmap(window, ISLE_WINDOW_SIZE);
	fake_stop(&fake);
}

/* Catches: lines that travel although nothing is asked. */
TEST(polling_touches_one_line)
{
	struct isle_slot *slot;
	unsigned int left;
	int i;

	fake_start(&fake);
	slot = server_slot(&fake.server, SLOT);
	lines_begin(fake.mem, ISLE_WINDOW_SIZE);
	for (i = 0; i < 10; i++)
		submitted(slot, 0);
	lines_end();
	EXPECT_EQ(lines_of(SLOT_AT), LINES_READ);
	left = lines_left();
	EXPECT_THAT(!left, "%u lines more are touched", left);
	fake_stop(&fake);
}

int main(void)
{
	return check_main(NULL);
}
