// SPDX-License-Identifier: MIT
/*
 * negative.c - whatever is wrong with a command, it is refused with its errno and a sentence, and
 * changes nothing.
 *
 * The rows are in negative_rows.c, the right arguments in negative_args.c. Breakages they catch: a
 * check that is missing or comes after the first change, a pointer that is trusted, a count that
 * overflows, an error path that does not give back, a silent failure.
 */
#include "negative.h"
#include "world.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* What must be the same after a command that was refused. */
struct still {
	struct isle_info info;
	struct isle_stat stat;
	char online[128];
};

static void look(struct still *s, uint32_t id)
{
	memset(s, 0, sizeof(*s));
	s->info = dev_info();
	s->info.doorbells = 0;
	if (id)
		dev_stat(id, &s->stat);
	s->stat.doorbells = s->stat.log_end = 0;
	file_text("/sys/devices/system/cpu/online", s->online, sizeof(s->online));
}

static void expect_still(const struct still *before, uint32_t id, const char *what)
{
	struct still now;

	look(&now, id);
	EXPECT_THAT(!memcmp(&now.info, &before->info, sizeof(now.info)), "%s: INFO has changed",
		    what);
	EXPECT_THAT(!memcmp(&now.stat, &before->stat, sizeof(now.stat)), "%s: STAT has changed",
		    what);
	EXPECT_THAT(!strcmp(now.online, before->online), "%s: CPUs %s are online, not %s", what,
		    now.online, before->online);
}

static void refuse(const struct subject *it, const char *what, unsigned long cmd, void *arg,
		   int err)
{
	struct still before;
	int got;

	look(&before, it->id);
	got = dev_call(it->fd, cmd, arg);
	EXPECT_THAT(got == err, "%s: %s, expected %s (%s)", what, check_error(got),
		    check_error(err),
		    dev_why(it->fd));
	EXPECT_THAT(err == -ENOTTY || dev_why(it->fd)[0], "%s: WHY says nothing", what);
	expect_still(&before, it->id, what);
}

static void try_rows(const struct row *row, const struct subject *it, int image)
{
	const char *cpus;
	union args a;
	char what[128];

	for (; row->what; row++) {
		unsigned int i;

		right_args(&a, row->cmd, it->id, image);
		cpus = row->cpus;
		if (cpus && !strcmp(cpus, "span"))
			cpus = places()->span;
		else if (cpus && !strcmp(cpus, "far"))
			cpus = places()->far;
		else if (cpus && !strcmp(cpus, "far0"))
			cpus = places()->far0;
		if (cpus)
			cpus_parse(cpus, &a.reserve.cpus);
		/* little-endian: the low bytes come first */
		for (i = 0; i < 2; i++)
			memcpy(a.bytes + row->change[i].at, &row->change[i].to,
			       row->change[i].size);
		fill_mem();
		snprintf(what, sizeof(what), "command %lu, %s", _IOC_NR(row->cmd), row->what);
		refuse(it, what, row->cmd, &a, row->err);
	}
}

/* Wrong addresses and sizes of each command's struct, for commands that are right in this state. */
static void try_structs(enum stage stage, const struct subject *it, int image)
{
	static const uint64_t wrong[] = { 0, AT_NOTHING, AT_NOTHING - 4, AT_KERNEL, AT_HOLE,
					  ~0ull - 8 };
	const struct command *c;
	char what[128];
	union args a;

	for (c = commands; c->name; c++) {
		unsigned int i;

		if (c->stage != stage)
			continue;
		for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
			snprintf(what, sizeof(what), "%s at %#llx", c->name,
				 (unsigned long long)wrong[i]);
			refuse(it, what, c->cmd, (void *)(uintptr_t)wrong[i], -EFAULT);
		}
		right_args(&a, c->cmd, it->id, image);
		for (i = 0; i < 2; i++) {
			size_t size = _IOC_SIZE(c->cmd) + (i ? 8 : -4);

			snprintf(what, sizeof(what), "%s with a struct of %zu bytes", c->name,
				 size);
			refuse(it, what, _IOC(_IOC_DIR(c->cmd), ISLE_IOC_TYPE, _IOC_NR(c->cmd),
					      size), &a,
			       -ENOTTY);
		}
		if (!c->writes)
			continue;
		/* Read but not written: what it did before it noticed must be undone. */
		ASSERT_EQ(mprotect((void *)(uintptr_t)AT_LONG, 0x1000, PROT_READ | PROT_WRITE), 0);
		memcpy((void *)(uintptr_t)AT_LONG, &a, sizeof(a));
		ASSERT_EQ(mprotect((void *)(uintptr_t)AT_LONG, 0x1000, PROT_READ), 0);
		snprintf(what, sizeof(what), "%s on a read-only page", c->name);
		refuse(it, what, c->cmd, (void *)(uintptr_t)AT_LONG, -EFAULT);
		ASSERT_EQ(mprotect((void *)(uintptr_t)AT_LONG, 0x1000, PROT_READ | PROT_WRITE), 0);
		memset((void *)(uintptr_t)AT_LONG, 'x', 0x1000);
	}
}

/* Right commands in a wrong state. */
static void try_states(enum stage stage, const struct subject *it, int image)
{
	const struct command *c;
	char what[128];
	union args a;

	for (c = commands; c->name; c++) {
		if (c->in_state[stage] == 1)
			continue;
		right_args(&a, c->cmd, it->id, image);
		snprintf(what, sizeof(what), "%s in state %d", c->name, stage);
		refuse(it, what, c->cmd, &a, c->in_state[stage]);
	}
}

static int open_image(void)
{
	int fd;

	need_image();
	fd = open(image_path(), O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	return fd;
}

static void try_all(enum stage stage, const struct row *rows)
{
	int image = open_image();
	struct subject it;

	need_arena();
	need_reserve();
	ASSERT_ERR(subject_make(&it, places()->far1, "idle", stage), 0);
	if (stage == STAGE_RUNNING)
		check_sleep_ms(50);
	try_rows(rows, &it, image);
	try_structs(stage, &it, image);
	try_states(stage, &it, image);
	if (stage == STAGE_RUNNING)
		subject_answers(&it, 0);
	subject_close(&it);
	close(image);
}

TEST(reserve_without_a_reserve)
{
	struct subject it;

	if (!places()->span[0])
		SKIP("the machine has fewer than two nodes with two CPUs");
	need_arena();
	ASSERT_ERR(subject_make(&it, "", NULL, STAGE_OPEN), 0);
	try_rows(rows_no_reserve, &it, -1);
	subject_close(&it);
}

/* The arguments that all the rows start from are right, and a dry run changes nothing. */
TEST(dry_run_changes_nothing)
{
	struct still before;
	union args a;
	int fd = dev_open();

	need_arena();
	look(&before, 0);
	right_args(&a, ISLE_IOC_RESERVE, 0, -1);
	a.reserve.flags = ISLE_RESERVE_F_DRY_RUN;
	EXPECT_ERR(dev_call(fd, ISLE_IOC_RESERVE, &a), 0);
	EXPECT_STR(dev_why(fd), "");
	expect_still(&before, 0, "dry run");
	/* A sentence is forgotten at the next success. */
	a.reserve.flags = 1u << 31;
	EXPECT_ERR(dev_call(fd, ISLE_IOC_RESERVE, &a), -EINVAL);
	EXPECT(dev_why(fd)[0]);
	a.reserve.flags = ISLE_RESERVE_F_DRY_RUN;
	EXPECT_ERR(dev_call(fd, ISLE_IOC_RESERVE, &a), 0);
	EXPECT_STR(dev_why(fd), "");
	dev_close(fd);
}

TEST(offline_cpu)
{
	char path[96];
	struct subject it;
	union args a;

	need_arena();
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%s/online", places()->far0);
	ASSERT_ERR(file_write(path, "0"), 0);
	ASSERT_ERR(subject_make(&it, "", NULL, STAGE_OPEN), 0);
	right_args(&a, ISLE_IOC_RESERVE, 0, -1);
	refuse(&it, "an offline CPU", ISLE_IOC_RESERVE, &a, -EINVAL);
	ASSERT_ERR(file_write(path, "1"), 0);
	subject_close(&it);
}

/* Threads of one core go together, and those of CPU 0's core stay. */
TEST(half_a_core)
{
	struct isle_cpuset set;
	char list[128];
	struct subject it;
	union args a;
	unsigned int cpu;

	file_text("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list", list, sizeof(list));
	ASSERT_ERR(cpus_parse(list, &set), 0);
	if (cpus_count(&set) < 2)
		SKIP("this machine's cores have one thread");
	need_arena();
	ASSERT_ERR(subject_make(&it, "", NULL, STAGE_OPEN), 0);
	right_args(&a, ISLE_IOC_RESERVE, 0, -1);
	for (cpu = 1; !cpus_has(&set, cpu); cpu++)
		;
	memset(&a.reserve.cpus, 0, sizeof(a.reserve.cpus));
	a.reserve.cpus.bits[cpu / 64] = 1ull << (cpu % 64);
	refuse(&it, "CPU 0's sibling", ISLE_IOC_RESERVE, &a, -EINVAL);
	cpus_parse(places()->far0, &a.reserve.cpus);
	refuse(&it, "half a core", ISLE_IOC_RESERVE, &a, -EINVAL);
	subject_close(&it);
}

/* In a child, so that the rights come back: 0, or what differed. */
static int as_nobody(int fd)
{
	union args a;

	if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
		return 1;
	if (dev_open() != -EACCES)
		return 2;
	right_args(&a, ISLE_IOC_RESERVE, 0, -1);
	if (dev_call(fd, ISLE_IOC_RESERVE, &a) != -EPERM || !dev_why(fd)[0])
		return 3;
	right_args(&a, ISLE_IOC_RELEASE, 0, -1);
	if (dev_call(fd, ISLE_IOC_RELEASE, &a) != -EPERM || !dev_why(fd)[0])
		return 4;
	/* Asking is for everybody who has got a file. */
	right_args(&a, ISLE_IOC_LIST, 0, -1);
	return dev_call(fd, ISLE_IOC_LIST, &a) ? 5 : 0;
}

TEST(a_plain_user)
{
	struct still before;
	int fd, status;
	pid_t pid;

	need_arena();
	need_reserve();
	fd = dev_open();
	look(&before, 0);
	pid = child_fork();
	if (pid == 0)
		_exit(as_nobody(fd));
	status = child_wait(pid, SOON_MS);
	EXPECT_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "step %d of as_nobody differs",
		    WEXITSTATUS(status));
	expect_still(&before, 0, "a plain user");
	dev_close(fd);
}

TEST(no_such_command)
{
	struct subject it;
	unsigned int nr;
	union args a;

	need_reserve();
	ASSERT_ERR(subject_make(&it, "", NULL, STAGE_OPEN), 0);
	memset(&a, 0, sizeof(a));
	for (nr = _IOC_NR(ISLE_IOC_DIRTY) + 1; nr < 256; nr++)
		EXPECT_ERR(dev_call(it.fd, _IOC(_IOC_READ | _IOC_WRITE, ISLE_IOC_TYPE, nr, 32),
				    &a), -ENOTTY);
	EXPECT_ERR(dev_call(it.fd, _IOC(_IOC_READ, 'T', 0, 128), &a), -ENOTTY);
	subject_close(&it);
}

/* Linux does not get a core back behind the module's back, nor what another isle has. */
TEST(cores_that_are_taken)
{
	struct subject other, it;
	char path[96];
	union args a;

	need_arena();
	need_reserve();
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%s/online", places()->far0);
	EXPECT_LT(file_write(path, "1"), 0);
	ASSERT_ERR(subject_make(&other, places()->far0, NULL, STAGE_CREATED), 0);
	EXPECT_LT(file_write(path, "1"), 0);
	ASSERT_ERR(subject_make(&it, "", NULL, STAGE_OPEN), 0);
	right_args(&a, ISLE_IOC_CREATE, 0, -1);
	refuse(&it, "a CPU of another isle", ISLE_IOC_CREATE, &a, -EBUSY);
	cpus_parse(places()->far, &a.create.cpus);
	refuse(&it, "CPUs of which another isle has one", ISLE_IOC_CREATE, &a, -EBUSY);
	subject_close(&it);
	subject_close(&other);
}

TEST(open_file)
{
	try_all(STAGE_OPEN, rows_open);
}

TEST(created_isle)
{
	try_all(STAGE_CREATED, rows_created);
}

TEST(loaded_isle)
{
	try_all(STAGE_LOADED, rows_loaded);
}

TEST(running_isle)
{
	try_all(STAGE_RUNNING, rows_running);
}

int main(void)
{
	return check_main(&isle_hooks);
}
