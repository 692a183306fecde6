// SPDX-License-Identifier: MIT
/*
 * isle.c - the commands of the device, and isles brought to a state.
 */
#include "isle.h"
#include "world.h"

#include <fcntl.h>
#include <sys/ioctl.h>

static int open_files[64];
static unsigned int nr_open_files;

int dev_open(void)
{
	int fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (nr_open_files < sizeof(open_files) / sizeof(open_files[0]))
		open_files[nr_open_files++] = fd;
	return fd;
}

void dev_close(int fd)
{
	unsigned int i;

	for (i = 0; i < nr_open_files; i++) {
		if (open_files[i] == fd) {
			open_files[i] = open_files[--nr_open_files];
			close(fd);
			return;
		}
	}
}

void dev_close_all(void)
{
	while (nr_open_files)
		close(open_files[--nr_open_files]);
}

int dev_call(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) < 0 ? -errno : 0;
}

const char *dev_why(int fd)
{
	static struct isle_why why;

	memset(&why, 0, sizeof(why));
	if (dev_call(fd, ISLE_IOC_WHY, &why))
		return "";
	why.text[sizeof(why.text) - 1] = 0;
	return why.text;
}

struct isle_info dev_info(void)
{
	struct isle_info info;
	int fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC);

	memset(&info, 0, sizeof(info));
	if (fd < 0 || dev_call(fd, ISLE_IOC_INFO, &info))
		memset(&info, 0, sizeof(info));
	if (fd >= 0)
		close(fd);
	return info;
}

/* Fills mem[2]; returns how many of it are used. */
static uint32_t mem_of(struct isle_mem mem[2], unsigned int mib0, unsigned int mib1)
{
	uint32_t n = 0;

	memset(mem, 0, 2 * sizeof(mem[0]));
	if (mib0) {
		mem[n].node = 0;
		mem[n++].size = mib0 * MIB;
	}
	if (mib1) {
		mem[n].node = 1;
		mem[n++].size = mib1 * MIB;
	}
	return n;
}

int dev_reserve(int fd, const char *cpus, unsigned int mib0, unsigned int mib1, uint32_t flags,
		struct isle_reserve *out)
{
	struct isle_mem mem[2];
	struct isle_reserve r;
	int err;

	memset(&r, 0, sizeof(r));
	if (cpus_parse(cpus, &r.cpus))
		return -EDOM;
	r.nr_mem = mem_of(mem, mib0, mib1);
	r.mem_ptr = r.nr_mem ? (uintptr_t)mem : 0;
	r.flags = flags;
	err = dev_call(fd, ISLE_IOC_RESERVE, &r);
	r.text[sizeof(r.text) - 1] = 0;
	if (out)
		*out = r;
	return err;
}

int dev_release(int fd, struct isle_release *out)
{
	struct isle_release r;
	int err;

	memset(&r, 0, sizeof(r));
	err = dev_call(fd, ISLE_IOC_RELEASE, &r);
	if (out)
		*out = r;
	return err;
}

int dev_create(int fd, const char *cpus, unsigned int mib0, unsigned int mib1, uint32_t flags,
	       struct isle_create *out)
{
	struct isle_mem mem[2];
	struct isle_create c;
	int err;

	memset(&c, 0, sizeof(c));
	if (cpus_parse(cpus, &c.cpus))
		return -EDOM;
	c.node = ISLE_NODE_ANY;
	c.nr_mem = mem_of(mem, mib0, mib1);
	c.mem_ptr = c.nr_mem ? (uintptr_t)mem : 0;
	c.flags = flags;
	err = dev_call(fd, ISLE_IOC_CREATE, &c);
	if (out)
		*out = c;
	return err;
}

int dev_load_fd(int fd, int image, const char *cmdline, struct isle_load *out)
{
	struct isle_load l;
	int err;

	memset(&l, 0, sizeof(l));
	l.image_fd = image;
	l.cmdline_ptr = (uintptr_t)cmdline;
	err = dev_call(fd, ISLE_IOC_LOAD, &l);
	if (out)
		*out = l;
	return err;
}

int dev_load(int fd, const char *cmdline, struct isle_load *out)
{
	const char *path = image_path();
	int image, err;

	if (!path)
		return -ENOENT;
	image = open(path, O_RDONLY | O_CLOEXEC);
	if (image < 0)
		return -errno;
	err = dev_load_fd(fd, image, cmdline, out);
	close(image);
	return err;
}

int dev_start(int fd, uint32_t timeout_ms, uint64_t *start_ns)
{
	struct isle_start s;
	int err;

	memset(&s, 0, sizeof(s));
	s.timeout_ms = timeout_ms;
	err = dev_call(fd, ISLE_IOC_START, &s);
	if (start_ns)
		*start_ns = s.start_ns;
	return err;
}

int dev_stop(int fd, uint32_t timeout_ms, uint32_t flags, struct isle_stop *out)
{
	struct isle_stop s;
	int err;

	memset(&s, 0, sizeof(s));
	s.timeout_ms = timeout_ms;
	s.flags = flags;
	err = dev_call(fd, ISLE_IOC_STOP, &s);
	if (out)
		*out = s;
	return err;
}

int dev_ring(int fd, uint32_t row)
{
	struct isle_ring r = { .cpu = row };

	return dev_call(fd, ISLE_IOC_RING, &r);
}

int dev_events(int fd, struct isle_events *out)
{
	memset(out, 0, sizeof(*out));
	return dev_call(fd, ISLE_IOC_EVENTS, out);
}

int dev_list(int fd, uint32_t *ids, uint32_t room)
{
	struct isle_list l;
	int err;

	memset(&l, 0, sizeof(l));
	l.ids_ptr = (uintptr_t)ids;
	l.nr = room;
	err = dev_call(fd, ISLE_IOC_LIST, &l);
	return err ? err : (int)l.nr;
}

int dev_stat(uint32_t id, struct isle_stat *out)
{
	int fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC), err;

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return -errno;
	out->isle_id = id;
	err = dev_call(fd, ISLE_IOC_STAT, out);
	out->why[sizeof(out->why) - 1] = 0;
	close(fd);
	return err;
}

int dev_counters(uint32_t id, struct isle_counters *rows, uint32_t nr)
{
	struct isle_counters_read c = { .isle_id = id, .nr = nr, .buf_ptr = (uintptr_t)rows };
	int fd = open(ISLE_DEVICE, O_RDWR | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = dev_call(fd, ISLE_IOC_COUNTERS, &c);
	close(fd);
	return err ? err : (int)c.nr;
}

static int create_for(struct subject *it, const char *cpus)
{
	struct isle_create c;
	struct isle_cpuset set;
	int on0, on1, err;

	err = cpus_parse(cpus, &set);
	if (err)
		return err;
	on0 = node_has(0, &set);
	on1 = node_has(1, &set);
	err = dev_create(it->fd, cpus, on0 ? SUBJECT_MIB : 0, on1 ? SUBJECT_MIB : 0,
			 on0 && on1 ? ISLE_CREATE_F_SPAN : 0, &c);
	if (err)
		return err;
	it->id = c.isle_id;
	it->nr_cpus = cpus_count(&c.cpus);
	return 0;
}

int subject_make(struct subject *it, const char *cpus, const char *cmdline, enum stage stage)
{
	int err;

	memset(it, 0, sizeof(*it));
	it->fd = dev_open();
	if (it->fd < 0)
		return it->fd;
	if (stage < STAGE_CREATED)
		return 0;
	err = create_for(it, cpus);
	if (err || stage < STAGE_LOADED)
		return err;
	err = dev_load(it->fd, cmdline, &it->load);
	if (err || stage < STAGE_RUNNING)
		return err;
	return dev_start(it->fd, SOON_MS, &it->start_ns);
}

int subject_run(struct subject *it, const char *cpus, const char *cmdline)
{
	int err = subject_make(it, cpus, cmdline, STAGE_RUNNING);

	if (!err)
		return 1;
	FAIL("an isle on CPUs %s with \"%s\" did not start: %s: %s", cpus, cmdline,
	     check_error(err),
	     it->fd >= 0 ? dev_why(it->fd) : "the device cannot be opened");
	return 0;
}

void subject_close(struct subject *it)
{
	if (it->fd >= 0)
		dev_close(it->fd);
	it->fd = -1;
}

int subject_answers(const struct subject *it, uint32_t row)
{
	unsigned long long end = check_now() + SOON_MS * 1000000ull;
	struct isle_counters rows[16];
	struct isle_stat st;
	uint64_t before;
	int err;

	if (row >= 16 || row >= it->nr_cpus)
		return EXPECT_THAT(0, "isle %u has no row %u", it->id, row);
	err = dev_stat(it->id, &st);
	if (!EXPECT_THAT(!err && st.life == ISLE_LIFE_RUNNING,
			 "isle %u should run, but: %s, %s, \"%s\"",
			 it->id, check_error(err), life_name(st.life), st.why))
		return 0;
	dev_counters(it->id, rows, row + 1);
	before = rows[row].named[ISLE_COUNTER_DOORBELLS_IN];
	err = dev_ring(it->fd, row);
	if (!EXPECT_THAT(!err, "isle %u cannot be rung: %s: %s", it->id, check_error(err),
			 dev_why(it->fd)))
		return 0;
	do {
		if (check_now() > end)
			return EXPECT_THAT(0, "row %u of isle %u does not hear its doorbell", row,
					   it->id);
		dev_counters(it->id, rows, row + 1);
	} while (rows[row].named[ISLE_COUNTER_DOORBELLS_IN] == before);
	return 1;
}
