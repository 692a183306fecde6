// SPDX-License-Identifier: MIT
/*
 * fuzz_isle.c - isle kernels that write garbage into all that they share with the module: call slots, log ring,
 * counters, use of granules, state and bells; each isle with noise of another seed (isle-kernel/inject/scribble.c).
 *
 *	fuzz_isle [SECONDS [SEED]]
 *
 * Meanwhile its owner does everything by which the module looks at them. Catches: an index, a length or a state that is
 * believed; an isle that cannot be ended; memory or cores that do not come back.
 */
#include "isle.h"
#include "world.h"

#include <setjmp.h>
#include <sys/mman.h>

#define SHORT_MS  200u
#define LOOKS     4u
#define WAIT_SLOT 8u

static unsigned int seconds = 10;
static unsigned long long seed = 1;
static sigjmp_buf out_of_page;

static void on_bus(int signo)
{
	(void)signo;
	siglongjmp(out_of_page, 1);
}

/* Touches pages of the isle, most of which its kernel calls a program's, or something that is no use at all. */
static void pages_look(const struct subject *it, uint64_t size)
{
	struct sigaction action = { .sa_handler = on_bus }, old;
	volatile uint8_t *at = mmap(NULL, size, PROT_READ, MAP_SHARED, it->fd, 0);
	volatile uint64_t off = 0;

	if (at == MAP_FAILED)
		return;
	sigaction(SIGBUS, &action, &old);
	for (; off < size; off += ISLE_GRANULE_SIZE)
		if (sigsetjmp(out_of_page, 1) == 0)
			(void)at[off];
	sigaction(SIGBUS, &old, NULL);
	munmap((void *)(uintptr_t)at, size);
}

static void look(const struct subject *it)
{
	struct isle_wait wait = { .slot = (uint32_t)seed % WAIT_SLOT, .timeout_ms = 5 };
	static struct isle_counters rows[2];
	struct isle_events events = { 0 };
	struct isle_stat st;

	dev_call(it->fd, ISLE_IOC_WAIT, &wait);
	dev_events(it->fd, &events);
	free(log_text(it->id, NULL));
	EXPECT_EQ(dev_counters(it->id, rows, 2), 1);
	EXPECT_ERR(dev_stat(it->id, &st), 0);
	/* What is its own it knows. */
	EXPECT_EQ(st.isle_id, it->id);
	EXPECT_THAT(st.life >= ISLE_LIFE_STARTING && st.life <= ISLE_LIFE_KILLED, "life %u", st.life);
	pages_look(it, st.mem_size);
}

static void one(void)
{
	struct subject it;
	struct isle_stop stop;
	char cmdline[64];
	unsigned int i;
	uint32_t life;
	int err;

	snprintf(cmdline, sizeof(cmdline), "inject=scribble seed=%llu", seed);
	/* It may have lost its own state before START has seen it. */
	err = subject_make(&it, places()->far0, cmdline, STAGE_RUNNING);
	EXPECT_THAT(!err || err == -EIO || err == -ETIME, "seed %llu: START: %s: %s", seed, check_error(err),
		    dev_why(it.fd));
	for (i = 0; i < LOOKS; i++)
		look(&it);
	EXPECT_ERR(dev_stop(it.fd, SHORT_MS, 0, &stop), 0);
	life = wait_end(it.id, SOON_MS);
	EXPECT_THAT(life_ended(life), "seed %llu: it is %s", seed, life_name(life));
	subject_close(&it);
	free(log_text(it.id, NULL));
}

TEST(garbage_of_isle_kernels_harms_nobody_else)
{
	unsigned long long end = check_now() + seconds * 1000000000ull;
	unsigned int n = 0;

	need_image();
	need_reserve();
	check_limit(seconds + 120);
	note("seeds from %llu on", seed);
	do {
		one();
		seed++;
		n++;
	} while (check_now() < end && !check_state.failures);
	note("%u isles", n);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds = (unsigned int)atoi(argv[1]);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	else
		seed = check_now() | 1;
	return check_main(&isle_hooks);
}
