// SPDX-License-Identifier: MIT
/*
 * image.c - what is not an isle kernel is refused in words, and the isle can still load a good one.
 *
 * The check itself has unit tests and a fuzz target (abi/isle/image.h); here it is what the module
 * does around it. Breakages it catches: a check that is not called, a file read past its end, a
 * clause that does not reach the user, a refused load that leaves the isle half loaded, an image
 * that others can write accepted from a plain user.
 */
#include "isle.h"
#include "world.h"

#include <isle/image.h>

#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/stat.h>

static unsigned char *image;
static size_t image_size;

static void read_image(void)
{
	struct stat st;
	int fd;

	need_image();
	need_reserve();
	if (image)
		return;
	fd = open(image_path(), O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(fstat(fd, &st), 0);
	image_size = (size_t)st.st_size;
	image = malloc(image_size);
	ASSERT(image);
	ASSERT_EQ(read(fd, image, image_size), st.st_size);
	close(fd);
}

/* A file that holds these bytes. */
static int file_of(const void *bytes, size_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, bytes, size), size);
	return fd;
}

/* LOAD fails like this, says this, and a good image can still be loaded. */
static void refused_fd(int fd, int err, const char *clause)
{
	struct isle_stat st;
	struct subject it;

	ASSERT_ERR(subject_make(&it, places()->far0, NULL, STAGE_CREATED), 0);
	EXPECT_ERR(dev_load_fd(it.fd, fd, "idle", NULL), err);
	EXPECT_THAT(dev_why(it.fd)[0] && (!clause || strstr(dev_why(it.fd), clause)),
		    "the sentence should hold \"%s\": \"%s\"", clause ? clause : "", dev_why(it.fd));
	EXPECT_ERR(dev_stat(it.id, &st), 0);
	EXPECT_EQ(st.life, ISLE_LIFE_CREATED);
	EXPECT_ERR(dev_start(it.fd, 1000, NULL), -EBADFD);
	EXPECT_ERR(dev_load(it.fd, "idle", NULL), 0);
	subject_close(&it);
}

static void refused(const void *bytes, size_t size, int err, const char *clause)
{
	int fd = file_of(bytes, size);

	refused_fd(fd, err, clause);
	close(fd);
}

/* A changed copy of the image. The clause is the one of the check that all sides share. */
static void refused_copy(const unsigned char *copy, size_t size)
{
	struct isle_image img;
	const char *clause = isle_image_check(copy, size, ISLE_PLAT_MULTI, &img);

	ASSERT_THAT(clause, "this is a good image: the test changes the wrong bytes");
	note("%s", clause);
	refused(copy, size, -ENOEXEC, clause);
}

static unsigned char *copy_of_image(void)
{
	unsigned char *copy = malloc(image_size);

	ASSERT(copy);
	memcpy(copy, image, image_size);
	return copy;
}

TEST(truncated)
{
	struct isle_elf_header eh;
	size_t end = 0;
	uint32_t i;

	read_image();
	memcpy(&eh, image, sizeof(eh));
	for (i = 0; i < eh.phnum; i++) {
		struct isle_elf_segment ph;

		memcpy(&ph, image + eh.phoff + i * sizeof(ph), sizeof(ph));
		if (ph.type == ISLE_ELF_PT_LOAD && ph.offset + ph.filesz > end)
			end = ph.offset + ph.filesz;
	}
	refused(image, 0, -ENOEXEC, "truncated");
	refused_copy(image, 1);
	refused_copy(image, 63);
	refused_copy(image, 64);
	refused_copy(image, eh.phoff + sizeof(struct isle_elf_segment) - 1);
	refused_copy(image, 4096);
	refused_copy(image, end / 2);
	refused_copy(image, end - 1);
}

TEST(wrong_machine_or_type)
{
	unsigned char *copy;

	read_image();
	copy = copy_of_image();
	copy[offsetof(struct isle_elf_header, machine)] = 3;
	refused_copy(copy, image_size);
	memcpy(copy, image, sizeof(struct isle_elf_header));
	copy[offsetof(struct isle_elf_header, type)] = 1;
	refused_copy(copy, image_size);
	free(copy);
}

/* Changes the header of the first segment of this type. */
static unsigned char *with_segment(uint32_t type, void (*change)(struct isle_elf_segment *ph))
{
	unsigned char *copy = copy_of_image();
	struct isle_elf_header eh;
	uint32_t i;

	memcpy(&eh, copy, sizeof(eh));
	for (i = 0; i < eh.phnum; i++) {
		struct isle_elf_segment ph;

		memcpy(&ph, copy + eh.phoff + i * sizeof(ph), sizeof(ph));
		if (ph.type != type)
			continue;
		change(&ph);
		memcpy(copy + eh.phoff + i * sizeof(ph), &ph, sizeof(ph));
		break;
	}
	return copy;
}

static void make_overlap(struct isle_elf_segment *ph)
{
	ph->memsz += 64 * MIB;
}

static void make_outside(struct isle_elf_segment *ph)
{
	ph->vaddr = 0x400000;
}

static void make_null(struct isle_elf_segment *ph)
{
	ph->type = 0;
}

static void make_behind(struct isle_elf_segment *ph)
{
	ph->offset = ~0ull - 16;
}

TEST(segments)
{
	void (*const changes[])(struct isle_elf_segment *ph) = { make_overlap, make_outside,
								 make_behind };
	unsigned int i;

	read_image();
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		unsigned char *copy = with_segment(ISLE_ELF_PT_LOAD, changes[i]);

		refused_copy(copy, image_size);
		free(copy);
	}
}

TEST(no_note)
{
	unsigned char *copy;

	read_image();
	copy = with_segment(ISLE_ELF_PT_NOTE, make_null);
	refused_copy(copy, image_size);
	free(copy);
}

TEST(wrong_revision)
{
	static const char name[] = ISLE_NOTE_NAME;
	unsigned char *copy, *at;

	read_image();
	copy = copy_of_image();
	/* The revision is the first word behind the note's name. */
	for (at = memmem(copy, image_size, name, sizeof(name)); at;
	     at = memmem(at + 1, image_size - (size_t)(at + 1 - copy), name, sizeof(name)))
		at[sizeof(name)] ^= 0x40;
	refused_copy(copy, image_size);
	free(copy);
}

/* A segment that ends behind the isle's memory, but inside what an image may have. */
static void make_huge(struct isle_elf_segment *ph)
{
	ph->memsz = ISLE_IMAGE_MAX - (ph->vaddr - ISLE_KBASE);
}

TEST(too_big_for_the_isle)
{
	unsigned char *copy;
	struct isle_image img;
	struct isle_elf_header eh;
	int i, last = -1;

	read_image();
	copy = copy_of_image();
	memcpy(&eh, copy, sizeof(eh));
	for (i = 0; i < eh.phnum; i++) {
		struct isle_elf_segment ph, best;

		memcpy(&ph, copy + eh.phoff + (size_t)i * sizeof(ph), sizeof(ph));
		if (last >= 0)
			memcpy(&best, copy + eh.phoff + (size_t)last * sizeof(best), sizeof(best));
		if (ph.type == ISLE_ELF_PT_LOAD && (last < 0 || ph.vaddr > best.vaddr))
			last = i;
	}
	if (last >= 0) {
		struct isle_elf_segment ph;

		memcpy(&ph, copy + eh.phoff + (size_t)last * sizeof(ph), sizeof(ph));
		make_huge(&ph);
		memcpy(copy + eh.phoff + (size_t)last * sizeof(ph), &ph, sizeof(ph));
	}
	ASSERT_THAT(!isle_image_check(copy, image_size, ISLE_PLAT_MULTI, &img),
		    "it is not a good image");
	refused(copy, image_size, -ENOSPC, NULL);
	free(copy);
}

TEST(not_an_isle_kernel)
{
	static const char script[] = "#!/bin/sh\necho this is longer than the header of an ELF file, by intent\n";
	int fd;

	read_image();
	refused(script, sizeof(script), -ENOEXEC, "not an ELF file");
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	refused_fd(fd, -ENOEXEC, NULL);
	close(fd);
}

/* Larger than any isle kernel: refused before it is read. */
TEST(too_large_a_file)
{
	int fd;

	read_image();
	fd = file_of(image, image_size);
	ASSERT_EQ(ftruncate(fd, (off_t)ISLE_IMAGE_FILE_MAX + 1), 0);
	refused_fd(fd, -ENOEXEC, "too large");
	close(fd);
}

/* Files that are no regular files: an errno and a sentence, whichever; and no hang. */
TEST(not_a_regular_file)
{
	struct subject it;
	unsigned int i;
	int fds[4], pipes[2];

	read_image();
	ASSERT_EQ(pipe(pipes), 0);
	fds[0] = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds[1] = pipes[0];
	fds[2] = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	fds[3] = dev_open();
	for (i = 0; i < 4; i++) {
		int err;

		ASSERT_ERR(subject_make(&it, places()->far0, NULL, STAGE_CREATED), 0);
		err = dev_load_fd(it.fd, fds[i], "idle", NULL);
		note("kind %u: %s: %s", i, check_error(err), dev_why(it.fd));
		EXPECT_THAT(err == -ENOEXEC || err == -EINVAL || err == -EISDIR || err == -EACCES ||
			    err == -ESPIPE || err == -EBADF, "kind %u is %s", i, check_error(err));
		EXPECT_THAT(dev_why(it.fd)[0], "kind %u: nobody says why", i);
		EXPECT_ERR(dev_load(it.fd, "idle", NULL), 0);
		subject_close(&it);
	}
	close(fds[0]);
	close(fds[2]);
	dev_close(fds[3]);
	close(pipes[0]);
	close(pipes[1]);
}

TEST(write_only_file)
{
	int fd;

	read_image();
	fd = open("/tmp/image-write-only", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, image, image_size), (ssize_t)image_size);
	refused_fd(fd, -EBADF, NULL);
	close(fd);
	unlink("/tmp/image-write-only");
}

/*
 * What a plain user who may open the device gets for this file; he has the group of the device
 * only.
 */
static int load_as_nobody(const char *path)
{
	struct stat st;
	int status;
	pid_t pid;

	ASSERT_EQ(stat(ISLE_DEVICE, &st), 0);
	ASSERT_EQ(chmod(ISLE_DEVICE, 0660), 0);
	pid = child_fork();
	if (pid == 0) {
		int fd, file, err;

		dev_close_all();
		if (setgroups(0, NULL) || setgid(st.st_gid) || setuid(65534))
			_exit(101);
		fd = dev_open();
		file = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || file < 0 || dev_create(fd, places()->far0, 0, SUBJECT_MIB, 0, NULL))
			_exit(102);
		err = dev_load_fd(fd, file, "idle", NULL);
		if (err && !dev_why(fd)[0])
			_exit(103);
		_exit(-err);
	}
	status = child_wait(pid, SOON_MS);
	chmod(ISLE_DEVICE, st.st_mode & 0777);
	EXPECT_EQ(status & 0xff, 0);
	return -(status >> 8);
}

static void write_copy(const char *path, mode_t mode, uid_t uid)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, image, image_size), (ssize_t)image_size);
	EXPECT_EQ(fchown(fd, uid, 0), 0);
	EXPECT_EQ(fchmod(fd, mode), 0);
	close(fd);
}

/* As trustworthy as a set-uid-root program, or only root may load it. */
TEST(trust_of_a_plain_user)
{
	static const char path[] = "/usr/image-of-the-tests";

	read_image();
	write_copy(path, 0644, 0);
	EXPECT_ERR(load_as_nobody(path), 0);
	write_copy(path, 0646, 0);
	EXPECT_ERR(load_as_nobody(path), -EACCES);
	write_copy(path, 0664, 0);
	EXPECT_ERR(load_as_nobody(path), -EACCES);
	write_copy(path, 0644, 65534);
	EXPECT_ERR(load_as_nobody(path), -EACCES);
	/* Root may load any. */
	write_copy(path, 0666, 65534);
	ASSERT_EQ(setenv("ISLE_IMAGE", path, 1), 0);
	{
		struct subject it;

		EXPECT_ERR(subject_make(&it, places()->far0, "idle", STAGE_LOADED), 0);
		subject_close(&it);
	}
	unlink(path);
}

int main(void)
{
	return check_main(&isle_hooks);
}
