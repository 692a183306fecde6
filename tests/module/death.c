// SPDX-License-Identifier: MIT
/*
 * death.c - an isle dies in every way we know, and nobody else notices.
 *
 * In each case a second isle runs on other cores. It must still answer afterwards, cores and memory
 * must be back in the reserve, the reason must be told by STAT and LOG to whoever asks, and the
 * same cores must start a new isle. Breakages it catches: a wait without bound, a reap that forgets
 * memory or cores, cores that INIT leaves unusable, state that is only cleaned up in an orderly
 * end, a word of the isle's memory that the module believes.
 */
#include "isle.h"
#include "world.h"

#include <sys/wait.h>

#define SHORT_MS  500u   /* time given to something that will not happen */

static struct subject beside;

static int begin_case(void)
{
	need_image();
	need_reserve();
	return subject_run(&beside, places()->near, "idle") && subject_answers(&beside, 0);
}

/* The dead isle is only a log and a sentence; its cores and memory serve the next one. */
static void expect_reaped(uint32_t id, uint32_t life, const char *word)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	struct isle_info info;
	struct isle_stat st;
	struct subject next;
	int err;

	do {
		memset(&st, 0, sizeof(st));
		err = dev_stat(id, &st);
	} while (!err && !st.reaped && check_now() < end);
	note("isle %u: %s, \"%s\"", id, life_name(st.life), st.why);
	EXPECT_ERR(err, 0);
	EXPECT_EQ(st.reaped, 1);
	EXPECT_THAT(st.life == life, "isle %u is %s, expected %s", id, life_name(st.life),
		    life_name(life));
	EXPECT_EQ(st.owner_pid, 0);
	if (life != ISLE_LIFE_STOPPED)
		EXPECT_THAT(st.why[0], "nobody says why isle %u ended", id);
	if (word && !EXPECT_THAT(log_has(id, word), "the log of isle %u does not say \"%s\"", id,
				 word)) {
		char *text = log_text(id, NULL);

		note("%.1500s", text ? text : "(no log)");
		free(text);
	}
	subject_answers(&beside, 0);
	info = dev_info();
	EXPECT_EQ(info.nr_isles, 1);
	EXPECT_EQ(info.free_cpus, info.reserved_cpus - 1);
	EXPECT_EQ(info.free_mem, info.reserved_mem - SUBJECT_MIB * MIB);
	if (subject_run(&next, places()->far, "idle")) {
		subject_answers(&next, 0);
		subject_answers(&next, 1);
		subject_close(&next);
	}
	subject_answers(&beside, 0);
}

/* An isle that ends by itself soon after it came up. */
static void dies_alone(const char *cmdline, uint32_t life, const char *word)
{
	struct isle_stat st;
	struct subject it;
	int err;

	if (!begin_case())
		return;
	/* START reports what it sees first: up, or over. */
	err = subject_make(&it, places()->far, cmdline, STAGE_RUNNING);
	EXPECT_THAT(!err || err == -EIO, "START: %s: %s", check_error(err), dev_why(it.fd));
	EXPECT_EQ(wait_end(it.id, SOON_MS), life);
	ASSERT_ERR(dev_stat(it.id, &st), 0);
	EXPECT_THAT(strcasestr(st.why, word), "STAT says \"%s\" and nothing of \"%s\"", st.why, word);
	subject_answers(&beside, 0);
	/* It can be told to stop, which does nothing, and nothing else. */
	EXPECT_ERR(dev_stop(it.fd, SHORT_MS, 0, NULL), 0);
	EXPECT_ERR(dev_ring(it.fd, 0), -EBADFD);
	EXPECT_ERR(dev_start(it.fd, SHORT_MS, NULL), -EBADFD);
	subject_close(&it);
	expect_reaped(it.id, life, word);
}

TEST(panic)
{
	dies_alone("inject=panic", ISLE_LIFE_PANICKED, "injected");
}

TEST(null_pointer)
{
	dies_alone("inject=nullptr", ISLE_LIFE_PANICKED, "page fault");
}

TEST(stack_overflow)
{
	dies_alone("inject=stackoverflow", ISLE_LIFE_PANICKED, "double fault");
}

/* An isle that does not hear: asked, then taken by INIT. */
static void is_taken(const char *cmdline, const char *word)
{
	struct isle_stop stop;
	struct subject it;

	if (!begin_case() || !subject_run(&it, places()->far, cmdline))
		return;
	check_sleep_ms(50);
	EXPECT_ERR(dev_stop(it.fd, SHORT_MS, 0, &stop), 0);
	EXPECT_GE(stop.forced, 1);
	EXPECT_GE(stop.stop_ns, SHORT_MS * 1000000ull);
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_HUNG);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_HUNG, word);
}

TEST(hang_with_interrupts_off)
{
	is_taken("inject=hang", NULL);
}

TEST(hang_of_another_core)
{
	is_taken("inject=hang-ap", NULL);
}

/* The same, but the file is closed without a stop. */
TEST(close_of_a_hung_isle)
{
	struct subject it;

	if (!begin_case() || !subject_run(&it, places()->far, "inject=hang"))
		return;
	check_sleep_ms(50);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_KILLED, NULL);
}

/* Busy for ever with interrupts on: it can be asked. */
TEST(spin_with_interrupts_on)
{
	struct isle_stop stop;
	struct subject it;

	if (!begin_case() || !subject_run(&it, places()->far, "inject=spin"))
		return;
	subject_answers(&it, 0);
	EXPECT_ERR(dev_stop(it.fd, SOON_MS, 0, &stop), 0);
	EXPECT_EQ(stop.forced, 0);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_STOPPED, NULL);
}

/* Garbage in the boot page, log ring, granules and window: any end will do, but an end. */
TEST(scribble)
{
	struct isle_stop stop;
	struct isle_stat st;
	struct subject it;
	uint32_t life;
	int err;

	if (!begin_case())
		return;
	/* It may have lost its own state before START has seen it. */
	err = subject_make(&it, places()->far, "inject=scribble", STAGE_RUNNING);
	EXPECT_THAT(!err || err == -EIO, "START: %s: %s", check_error(err), dev_why(it.fd));
	check_sleep_ms(200);
	subject_answers(&beside, 0);
	free(log_text(it.id, NULL));
	EXPECT_ERR(dev_stop(it.fd, SHORT_MS, 0, &stop), 0);
	life = wait_end(it.id, SOON_MS);
	EXPECT_THAT(life_ended(life), "it is %s", life_name(life));
	subject_close(&it);
	EXPECT_ERR(dev_stat(it.id, &st), 0);
	expect_reaped(it.id, life, NULL);
}

TEST(panic_while_it_boots)
{
	struct subject it;

	if (!begin_case())
		return;
	EXPECT_ERR(subject_make(&it, places()->far, "inject=bootpanic", STAGE_RUNNING), -EIO);
	EXPECT_THAT(dev_why(it.fd)[0], "START does not say why it failed");
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_PANICKED);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_PANICKED, "panic");
}

TEST(hang_while_it_boots)
{
	struct subject it;
	uint64_t ns;

	if (!begin_case())
		return;
	EXPECT_ERR(subject_make(&it, places()->far, "inject=boothang", STAGE_LOADED), 0);
	EXPECT_ERR(dev_start(it.fd, SHORT_MS, &ns), -ETIME);
	EXPECT_THAT(dev_why(it.fd)[0], "START does not say why it failed");
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_HUNG);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_HUNG, NULL);
}

TEST(stop_now)
{
	struct isle_stop stop;
	struct subject it;

	if (!begin_case() || !subject_run(&it, places()->far, "idle"))
		return;
	EXPECT_ERR(dev_stop(it.fd, 0, ISLE_STOP_F_NOW, &stop), 0);
	EXPECT_EQ(stop.forced, 2);
	EXPECT_EQ(wait_end(it.id, SOON_MS), ISLE_LIFE_KILLED);
	subject_close(&it);
	expect_reaped(it.id, ISLE_LIFE_KILLED, NULL);
}

/*
 * An owner in a process of its own: brings an isle to a stage, says its number, goes on into a
 * command that lasts if one is wanted, and sleeps.
 */
enum then { SLEEPS, STARTS, STOPS };

static pid_t fork_owner(const char *cmdline, enum stage stage, enum then then, uint32_t *id)
{
	struct subject it;
	int fds[2], err;
	pid_t pid;

	*id = 0;
	if (pipe(fds))
		return -1;
	pid = child_fork();
	if (pid) {
		close(fds[1]);
		if (read(fds[0], id, sizeof(*id)) != sizeof(*id))
			FAIL("the owner did not come to stage %d", stage);
		close(fds[0]);
		return pid;
	}
	/* The isle beside belongs to the test alone. */
	dev_close_all();
	err = subject_make(&it, places()->far, cmdline, stage);
	if (err)
		_exit(1);
	if (write(fds[1], &it.id, sizeof(it.id)) != sizeof(it.id))
		_exit(1);
	if (then == STARTS)
		dev_start(it.fd, ISLE_TIMEOUT_MAX_MS, NULL);
	else if (then == STOPS)
		dev_stop(it.fd, ISLE_TIMEOUT_MAX_MS, 0, NULL);
	for (;;)
		pause();
}

/* life: the state in which it is killed, 0 for an open file that is no isle. */
static void kill_owner(const char *cmdline, enum stage stage, enum then then, uint32_t life,
		       uint32_t end)
{
	unsigned long long at;
	uint32_t id;
	int status;
	pid_t pid;

	if (!begin_case())
		return;
	pid = fork_owner(cmdline, stage, then, &id);
	if (life && !EXPECT_EQ(wait_life(id, life, SOON_MS), life))
		return;
	at = check_now();
	kill(pid, SIGKILL);
	status = child_wait(pid, SOON_MS);
	EXPECT_THAT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the owner has status %d",
		    status);
	note("the owner was gone after %llu ms", (check_now() - at) / 1000000);
	if (end) {
		expect_reaped(id, end, NULL);
	} else {
		subject_answers(&beside, 0);
		EXPECT_EQ(dev_info().nr_isles, 1);
	}
}

TEST(owner_killed_after_open)
{
	kill_owner("idle", STAGE_OPEN, SLEEPS, 0, 0);
}

/* What never ran has nothing to tell: it may be forgotten at once. */
TEST(owner_killed_after_create)
{
	kill_owner("idle", STAGE_CREATED, SLEEPS, ISLE_LIFE_CREATED, 0);
}

TEST(owner_killed_after_load)
{
	kill_owner("idle", STAGE_LOADED, SLEEPS, ISLE_LIFE_LOADED, 0);
}

TEST(owner_killed_in_start)
{
	kill_owner("inject=boothang", STAGE_LOADED, STARTS, ISLE_LIFE_STARTING, ISLE_LIFE_KILLED);
}

TEST(owner_killed_while_running)
{
	kill_owner("idle", STAGE_RUNNING, SLEEPS, ISLE_LIFE_RUNNING, ISLE_LIFE_KILLED);
}

TEST(owner_killed_while_hung)
{
	kill_owner("inject=hang", STAGE_RUNNING, SLEEPS, ISLE_LIFE_RUNNING, ISLE_LIFE_KILLED);
}

TEST(owner_killed_in_stop)
{
	kill_owner("inject=slowstop", STAGE_RUNNING, STOPS, ISLE_LIFE_STOPPING, ISLE_LIFE_KILLED);
}

int main(void)
{
	return check_main(&isle_hooks);
}
