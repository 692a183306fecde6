/* SPDX-License-Identifier: MIT */
/*
 * meet_file.c - opens, locks, checks and removes the file of a meeting.
 *
 * The directory belongs to this user alone, so nobody else can put a file in the way. flock is the
 * lock because it ends with its holder; whoever gets it checks that the name still stands for the
 * file, because the last member of an earlier meeting may have removed it meanwhile.
 */
#include "meet_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX        "isle-meet-"
#define SHARED_DIR    "/dev/shm/isle-"
#define NAPPING_US    500u
#define DIR_TRIES     100
#define OLD_MS        (10u * 60 * 1000)  /* of a file whose launcher is not known */

uint64_t meet_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* A directory of this user, which nobody else can write to. -errno, with errno's meaning. */
static int open_private(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int err;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : st.st_uid != geteuid() || (st.st_mode & 022) ? -EPERM : 0;
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

/* The directory that meetings make: another rank that has just left may remove it between the two calls. */
static int open_shared(char *path, size_t size)
{
	int fd = -ENOENT, i;

	snprintf(path, size, SHARED_DIR "%u", (unsigned int)geteuid());
	for (i = 0; i < DIR_TRIES && fd == -ENOENT; i++) {
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		fd = open_private(path);
	}
	return fd;
}

int meet_dir_open(struct meeting *meeting, struct refusal *why)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path = meeting->path;
	int fd = -ENOENT;

	if (meeting->ask.dir) {
		snprintf(path, sizeof(meeting->path), "%s", meeting->ask.dir);
		fd = open_private(path);
	} else if (runtime && *runtime == '/') {
		snprintf(path, sizeof(meeting->path), "%s", runtime);
		fd = open_private(path);
	}
	if (fd < 0 && !meeting->ask.dir)
		fd = open_shared(path, sizeof(meeting->path));
	if (fd == -EPERM || fd == -ELOOP || fd == -ENOTDIR)
		return refuse(why, MEET_NO_PLACE, path, "it is not a directory of yours alone");
	if (fd < 0)
		return refuse(why, MEET_NO_PLACE, path, strerror(-fd));
	if (meeting->dir >= 0)
		close(meeting->dir);
	meeting->dir = fd;
	return 0;
}

/* Only if it is empty, and only the one that meetings make themselves. */
void meet_dir_remove(const struct meeting *meeting)
{
	if (!meeting->ask.dir && !strncmp(meeting->path, SHARED_DIR, strlen(SHARED_DIR)))
		rmdir(meeting->path);
}

void meet_file_remove(const struct meeting *meeting)
{
	unlinkat(meeting->dir, meeting->name, 0);
	meet_dir_remove(meeting);
}

int meet_lock(struct meeting *meeting, uint64_t deadline_ms)
{
	while (flock(meeting->fd, LOCK_EX | LOCK_NB)) {
		if (meet_now_ms() >= deadline_ms)
			return -ETIME;
		usleep(NAPPING_US);
	}
	return 0;
}

void meet_unlock(struct meeting *meeting)
{
	flock(meeting->fd, LOCK_UN);
}

void meet_file_close(struct meeting *meeting)
{
	if (meeting->file)
		munmap(meeting->file, meeting->length);
	if (meeting->fd >= 0)
		close(meeting->fd);
	meeting->file = NULL;
	meeting->fd = -1;
}

static void file_begin(const struct meeting *meeting)
{
	struct meet_file *file = meeting->file;

	memset(file, 0, meeting->length);
	file->version = MEET_VERSION;
	file->size = meeting->ask.size;
	file->created_ms = meet_now_ms();
	file->pid_namespace = meet_pid_namespace();
	file->launcher = (uint32_t)meeting->ask.launcher;
	file->launcher_start = meeting->ask.launcher_start;
	__atomic_store_n(&file->magic, MEET_MAGIC, __ATOMIC_RELEASE);
}

static bool file_good(const struct meet_file *file, size_t length)
{
	return file->version == MEET_VERSION && file->state <= MEET_REFUSED &&
	       length == meet_file_length(file->size);
}

/* The lock is held. -EAGAIN: the name stands for another file by now. */
static int file_map(struct meeting *meeting)
{
	size_t length = meet_file_length(meeting->ask.size);
	struct stat st;
	void *map;

	if (fstat(meeting->fd, &st))
		return -errno;
	if (!st.st_nlink)
		return -EAGAIN;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return -EPROTO;
	/* Who made it died before it had its length, or has just made it: nothing is in it yet. */
	if (!st.st_size) {
		/* With room for all of it: a hole in a file system that is full would kill who writes there. */
		int err = posix_fallocate(meeting->fd, 0, (off_t)length);

		if (err) {
			meet_file_remove(meeting);
			return -err;
		}
	}
	if (st.st_size)
		length = (size_t)st.st_size;
	if (length < meet_file_length(0))
		return -EPROTO;
	map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, meeting->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	meeting->file = map;
	meeting->length = length;
	if (!meeting->file->magic && length == meet_file_length(meeting->ask.size))
		file_begin(meeting);
	return meeting->file->magic == MEET_MAGIC && file_good(meeting->file, length) ? 0 :
										       -EPROTO;
}

int meet_file_open(struct meeting *meeting, uint64_t deadline_ms, struct refusal *why)
{
	int err;

	if ((size_t)snprintf(meeting->name, sizeof(meeting->name), PREFIX "%s",
			     meeting->ask.key) >= sizeof(meeting->name))
		return refuse(why, MEET_FAILED, meeting->path, "the key is too long");
	do {
		meeting->fd = openat(meeting->dir, meeting->name,
				     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		/* The last member of another meeting may just have removed the directory. */
		if (meeting->fd < 0 && errno == ENOENT)
			return -EAGAIN;
		if (meeting->fd < 0)
			return refuse(why, MEET_FAILED, meeting->path, strerror(errno));
		err = meet_lock(meeting, deadline_ms);
		if (!err)
			err = file_map(meeting);
		if (err)
			meet_file_close(meeting);
	} while (err == -EAGAIN);
	if (err == -EPROTO)
		return refuse(why, MEET_BAD_FILE, meeting->name);
	if (err)
		return refuse(why, MEET_FAILED, meeting->path, strerror(-err));
	return 0;
}

bool meet_lives(const struct meet_member *member)
{
	return member->pid && member->step != MEET_LEFT &&
	       meet_process_start((pid_t)member->pid) == member->start;
}

bool meet_anyone_lives(const struct meet_file *file)
{
	for (uint32_t i = 0; i < file->size; i++)
		if (meet_lives(&file->member[i]))
			return true;
	return false;
}

/* Process numbers of another namespace say nothing. */
bool meet_is_stale(const struct meet_file *file)
{
	if (file->pid_namespace != meet_pid_namespace() || meet_anyone_lives(file))
		return false;
	if (file->launcher)
		return meet_process_start((pid_t)file->launcher) != file->launcher_start;
	return meet_now_ms() - file->created_ms > OLD_MS;
}

static void sweep_one(struct meeting *meeting, const char *name)
{
	struct meeting old = { .dir = meeting->dir };
	struct stat st;
	void *map;

	old.fd = openat(old.dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (old.fd < 0)
		return;
	if (!fstat(old.fd, &st) && S_ISREG(st.st_mode) &&
	    st.st_size >= (off_t)meet_file_length(0) && !meet_lock(&old, 0)) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, old.fd, 0);
		if (map != MAP_FAILED) {
			old.file = map;
			old.length = (size_t)st.st_size;
			/* st_nlink: the name may stand for a newer file. */
			if (!fstat(old.fd, &st) && st.st_nlink && old.file->magic == MEET_MAGIC &&
			    file_good(old.file, old.length) && meet_is_stale(old.file))
				unlinkat(old.dir, name, 0);
		}
	}
	meet_file_close(&old);
}

void meet_sweep(struct meeting *meeting)
{
	int fd = dup(meeting->dir);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	rewinddir(dir);
	while ((entry = readdir(dir)))
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 &&
		    (strlen(entry->d_name) != strlen(PREFIX) + strlen(meeting->ask.key) ||
		     strcmp(entry->d_name + strlen(PREFIX), meeting->ask.key) != 0))
			sweep_one(meeting, entry->d_name);
	closedir(dir);
}
