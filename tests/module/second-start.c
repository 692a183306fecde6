// SPDX-License-Identifier: MIT
/*
 * second-start.c - a parked core starts its next isle without INIT, and fast.
 *
 * Breakages it catches: a stop that leaves the cores outside the park loop, so that the next start
 * needs INIT (the module's own count would rise), and work that belongs to LOAD or CREATE moving
 * into START.
 */
#include "isle.h"
#include "world.h"

#include <cpuid.h>

#define TRIES  5u
#define BOUND_NS  2000000ull  /* the promise; the best of the tries, as the host may be busy */
/*
 * QEMU's TCG translates code when it is first executed, and a loaded image is new code: that, not the
 * isle kernel, is what a start costs there (some 3 ms for 38,000 instructions). There the promise is
 * held in instructions, by tests/unit/boot-count.t, and here only a start that waits is caught.
 */
#define TCG_NS    100000000ull

static uint64_t bound_ns(void)
{
	unsigned int eax, sign[3];

	__cpuid(0x40000000, eax, sign[0], sign[1], sign[2]);
	return memcmp(sign, "TCGTCGTCGTCG", sizeof(sign)) ? BOUND_NS : TCG_NS;
}

/* Of the whole, what the isle kernel took by its own account. */
static void note_start(const struct subject *it, unsigned int i, const char *cpus)
{
	uint64_t khz = dev_info().tsc_khz;
	struct isle_stat st;

	if (!khz || dev_stat(it->id, &st))
		return;
	note("start %u on CPUs %s: %llu us, %llu of them in the isle kernel, %llu to its first line", i,
	     cpus, (unsigned long long)it->start_ns / 1000,
	     (unsigned long long)((st.up_tsc - st.entry_tsc) * 1000 / khz),
	     (unsigned long long)((st.first_log_tsc - st.entry_tsc) * 1000 / khz));
}

/* Stop, close, create, load and start again: TRIES times. Returns the best time of a start. */
static uint64_t restart(const char *cpus)
{
	uint64_t inits = dev_info().inits_sent, best = ~0ull;
	struct subject it;
	unsigned int i;

	for (i = 0; i <= TRIES; i++) {
		struct isle_stop stop;

		if (!subject_run(&it, cpus, "idle"))
			break;
		/* The first start is not a second one. */
		if (i && it.start_ns < best)
			best = it.start_ns;
		note_start(&it, i, cpus);
		EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, &stop), 0);
		EXPECT_EQ(stop.forced, 0);
		subject_close(&it);
	}
	EXPECT_EQ(i, TRIES + 1);
	EXPECT_EQ(dev_info().inits_sent, inits);
	return best;
}

TEST(one_core_starts_again_without_init_in_time)
{
	uint64_t best;

	need_image();
	need_reserve();
	best = restart(places()->near);
	note("best start: %llu us", (unsigned long long)best / 1000);
	EXPECT_LT(best, bound_ns());
}

/*
 * Same cores, another isle around them each time. No bound: three cores on two host cores tell
 * nothing.
 */
TEST(three_cores_start_again_without_init)
{
	need_image();
	need_reserve();
	restart(places()->span);
	restart(places()->far);
	restart(places()->span);
}

/* Closing the file of a running isle parks its cores too: asked in order, not by INIT. */
TEST(close_while_running_parks_without_init)
{
	uint64_t inits;
	struct subject it;
	unsigned int i;

	need_image();
	need_reserve();
	inits = dev_info().inits_sent;
	for (i = 0; i < 3; i++) {
		if (!subject_run(&it, places()->span, "idle"))
			return;
		subject_close(&it);
	}
	EXPECT_EQ(dev_info().inits_sent, inits);
}

int main(void)
{
	return check_main(&isle_hooks);
}
