// SPDX-License-Identifier: MIT
/*
 * world.c - snapshots of the machine, and the hooks that compare them around every test.
 */
#include "world.h"
#include "isle.h"

#include <fcntl.h>
#include <sys/wait.h>

static struct world at_start;
static int kmsg = -1;

const char *file_text(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return buf;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/*
 * Linux numbers the CPUs of a node in one row on the test machine; hot-removed ones vanish from
 * sysfs.
 */
static char node_cpus[2][128];

static void read_nodes(void)
{
	if (node_cpus[0][0])
		return;
	file_text("/sys/devices/system/node/node0/cpulist", node_cpus[0], sizeof(node_cpus[0]));
	file_text("/sys/devices/system/node/node1/cpulist", node_cpus[1], sizeof(node_cpus[1]));
}

int node_has(unsigned int node, const struct isle_cpuset *set)
{
	struct isle_cpuset have;
	unsigned int i;

	read_nodes();
	if (node > 1 || cpus_parse(node_cpus[node], &have))
		return 0;
	for (i = 0; i < 16; i++)
		if (have.bits[i] & set->bits[i])
			return 1;
	return 0;
}

int node_of_cpu(unsigned int cpu)
{
	struct isle_cpuset set;

	memset(&set, 0, sizeof(set));
	set.bits[cpu / 64] = 1ull << (cpu % 64);
	return node_has(0, &set) ? 0 : node_has(1, &set) ? 1 : -1;
}

uint64_t node_free(unsigned int node)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	unsigned long long pages = 0, n;
	unsigned int here = ~0u;
	char line[256];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Node %u, zone", &here) == 1 || here != node)
			continue;
		if (sscanf(line, " pages free %llu", &n) == 1 || sscanf(line, " count: %llu", &n) == 1)
			pages += n;
	}
	if (f)
		fclose(f);
	return pages * ISLE_PAGE_SIZE;
}

/*
 * The nodes' lists are read before anything is reserved, and kept: a program that runs after one
 * which failed would otherwise see nodes without CPUs.
 */
const struct places *places(void)
{
	static struct places p;
	unsigned int last0 = 0, first1 = 0, cpu;

	read_nodes();
	if (p.span[0])
		return &p;
	for (cpu = 1; cpu < 256; cpu++) {
		if (node_of_cpu(cpu) == 0)
			last0 = cpu;
		if (!first1 && node_of_cpu(cpu) == 1)
			first1 = cpu;
	}
	if (!last0 || !first1 || node_of_cpu(first1 + 1) != 1)
		return &p;
	snprintf(p.span, sizeof(p.span), "%u,%u-%u", last0, first1, first1 + 1);
	snprintf(p.near, sizeof(p.near), "%u", last0);
	snprintf(p.far, sizeof(p.far), "%u-%u", first1, first1 + 1);
	snprintf(p.far0, sizeof(p.far0), "%u", first1);
	snprintf(p.far1, sizeof(p.far1), "%u", first1 + 1);
	return &p;
}

void need_reserve(void)
{
	struct isle_reserve r;
	int fd, err;

	if (!places()->span[0])
		SKIP("the machine has fewer than two nodes with two CPUs");
	if (dev_info().reserved_cpus)
		return;
	fd = dev_open();
	ASSERT_THAT(fd >= 0, "%s cannot be opened: %s", ISLE_DEVICE, check_error(fd));
	err = dev_reserve(fd, places()->span, RESERVE_MIB, RESERVE_MIB,
			  ISLE_RESERVE_F_SPAN | ISLE_RESERVE_F_STRICT, &r);
	ASSERT_THAT(!err, "CPUs %s could not be reserved: %s: %s", places()->span,
		    check_error(err), dev_why(fd));
	dev_close(fd);
}

void need_image(void)
{
	if (!image_path())
		SKIP("no isle kernel was built: neither $ISLE_IMAGE nor $ISLE_BUILD/isle-kernel has one");
}

void world_look(struct world *w)
{
	unsigned int i;

	memset(w, 0, sizeof(*w));
	file_text("/sys/devices/system/cpu/online", w->online, sizeof(w->online));
	file_text("/sys/devices/system/cpu/present", w->present, sizeof(w->present));
	for (i = 0; i < 2; i++)
		w->free[i] = node_free(i);
	w->info = dev_info();
}

static int has_memory(const struct world *before, const struct world *now)
{
	return now->free[0] + now->free[1] + WORLD_TOLERANCE >= before->free[0] + before->free[1];
}

void world_expect(const struct world *before)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	struct world now;

	/* Linux frees some things late: by RCU, by workers, from lists of each CPU. */
	for (;;) {
		sync();
		file_write("/proc/sys/vm/drop_caches", "3");
		world_look(&now);
		if ((has_memory(before, &now) && !strcmp(before->online, now.online)) ||
		    check_now() > end)
			break;
		check_sleep_ms(100);
	}
	EXPECT_STR(now.online, before->online);
	EXPECT_STR(now.present, before->present);
	EXPECT_THAT(has_memory(before, &now),
		    "free memory fell from %llu + %llu kB to %llu + %llu kB, more than %llu kB",
		    (unsigned long long)before->free[0] >> 10, (unsigned long long)before->free[1] >> 10,
		    (unsigned long long)now.free[0] >> 10, (unsigned long long)now.free[1] >> 10,
		    WORLD_TOLERANCE >> 10);
	note("free before and after: %llu kB, %llu kB",
	     (unsigned long long)(before->free[0] + before->free[1]) >> 10,
	     (unsigned long long)(now.free[0] + now.free[1]) >> 10);
	EXPECT_EQ(now.info.nr_isles, before->info.nr_isles);
	EXPECT_EQ(now.info.reserved_cpus, before->info.reserved_cpus);
	EXPECT_EQ(now.info.free_cpus, before->info.free_cpus);
	EXPECT_EQ(now.info.reserved_mem, before->info.reserved_mem);
	EXPECT_EQ(now.info.free_mem, before->info.free_mem);
}

/* Records of /dev/kmsg are "priority,number,time,flags;text". */
unsigned int kernel_complaints(void)
{
	static const char *const words[] = {
		"WARNING:", "BUG:", "Oops", "Call Trace", "general protection", "list_add corruption",
		"list_del corruption", "refcount_t", "blocked for more than", "scheduling while atomic",
		"Bad page", "bad page", "UBSAN", "nobody cared",
	};
	unsigned int i, n = 0;
	char line[8192];
	ssize_t got;

	while (kmsg >= 0 && ((got = read(kmsg, line, sizeof(line) - 1)) > 0 || errno == EPIPE)) {
		if (got <= 0)
			continue;
		line[got] = 0;
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strstr(line, words[i]))
				break;
		if (i == sizeof(words) / sizeof(words[0]))
			continue;
		line[strcspn(line, "\n")] = 0;
		if (n++ < 10)
			note("kernel: %s", strchr(line, ';') ? strchr(line, ';') + 1 : line);
	}
	return n;
}

static pid_t children[64];
static unsigned int nr_children;

pid_t child_fork(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid > 0 && nr_children < sizeof(children) / sizeof(children[0]))
		children[nr_children++] = pid;
	if (pid == 0)
		alarm(0);
	return pid;
}

int child_wait(pid_t pid, unsigned int ms)
{
	unsigned long long end = check_now() + ms * 1000000ull;
	unsigned int i;
	int status;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 && check_now() < end)
		check_sleep_ms(1);
	if (got != pid)
		return -1;
	for (i = 0; i < nr_children; i++)
		if (children[i] == pid)
			children[i] = children[--nr_children];
	return status;
}

void kill_children(void)
{
	while (nr_children) {
		pid_t pid = children[nr_children - 1];

		kill(pid, SIGKILL);
		if (child_wait(pid, SOON_MS) < 0) {
			FAIL("child %d does not die", (int)pid);
			nr_children--;
		}
	}
}

static void hook_begin(void)
{
	struct isle_info info;

	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
	if (access(ISLE_DEVICE, F_OK))
		SKIP("there is no %s: the module is not loaded", ISLE_DEVICE);
	info = dev_info();
	ASSERT_EQ(info.revision, ISLE_ABI_REVISION);
	/* What the program before left has been that one's failure. */
	if (info.reserved_cpus || info.reserved_mem) {
		int fd = dev_open();

		note("a reserve was left behind");
		ASSERT_ERR(dev_release(fd, NULL), 0);
		dev_close(fd);
	}
	read_nodes();
	file_write("/proc/sys/vm/drop_caches", "3");
	world_look(&at_start);
}

/* No isle may be left, and all of the reserve must be free again. */
static void hook_after(void)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	struct isle_info info;

	kill_children();
	dev_close_all();
	for (;;) {
		info = dev_info();
		if ((!info.nr_isles && info.free_cpus == info.reserved_cpus &&
		     info.free_mem == info.reserved_mem) || check_now() > end)
			break;
		check_sleep_ms(5);
	}
	EXPECT_EQ(info.nr_isles, 0);
	EXPECT_EQ(info.free_cpus, info.reserved_cpus);
	EXPECT_EQ(info.free_mem, info.reserved_mem);
	EXPECT_EQ(kernel_complaints(), 0);
}

static void hook_end(void)
{
	int fd = dev_open(), err;

	ASSERT_GE(fd, 0);
	err = dev_release(fd, NULL);
	EXPECT_THAT(!err, "the reserve could not be released: %s: %s", check_error(err),
		    dev_why(fd));
	dev_close(fd);
	world_expect(&at_start);
	EXPECT_EQ(kernel_complaints(), 0);
}

const struct check_hooks isle_hooks = {
	.begin = hook_begin,
	.after = hook_after,
	.end = hook_end,
	.end_name = "everything is as it was before",
};
