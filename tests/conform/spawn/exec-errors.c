/* SPDX-License-Identifier: MIT */
/*
 * exec-errors - execve and execveat that cannot be end with Linux's error numbers and leave the program whole: its
 * threads run, its descriptors, handlers and memory are there. Catches an exec that takes down before it has looked.
 */
#include "conform.h"

static char *const none[] = { NULL };
static volatile int turns;
static int stop;

static void *count(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		__atomic_add_fetch(&turns, 1, __ATOMIC_RELAXED);
		sched_yield();
	}
	return arg;
}

static void handler(int sig)
{
	turns = -sig;
}

static void put(const char *name, const char *text, size_t len, mode_t mode)
{
	close(make_file(name, text, len));
	must(chmod(name, mode));
}

static int run(const char *path)
{
	return execve(path, none, none);
}

static int run_at(int dirfd, const char *path, int flags)
{
	return (int)syscall(SYS_execveat, dirfd, path, none, none, flags);
}

/* An ELF program of two pages: its header, and where its interpreter's name lies. */
static void elf_put(const char *name, const char *interp)
{
	char file[8192] = "\177ELF\2\1\1";
	uint64_t phdr[2][7] = {
		{ 3 | 4ull << 32, 0x800, 0x400800, 0x400800, strlen(interp) + 1, strlen(interp) + 1, 1 },
		{ 1 | 5ull << 32, 0, 0x400000, 0x400000, sizeof(file), sizeof(file), 0x1000 },
	};

	memcpy(file + 16, (uint16_t[]){ 2, 62 }, 4);
	memcpy(file + 24, (uint64_t[]){ 0x401000, 64 }, 16);
	memcpy(file + 52, (uint16_t[]){ 64, 56, 2 }, 6);
	memcpy(file + 64, phdr, sizeof(phdr));
	strcpy(file + 0x800, interp);
	put(name, file, sizeof(file), 0755);
}

static void chain(int from, int to)
{
	char name[16], text[32];
	int i;

	for (i = from; i < to; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		snprintf(text, sizeof(text), "#!s%d\n", i + 1);
		put(name, text, strlen(text), 0755);
	}
}

static void sizes(void)
{
	char *big = malloc(MIB), **many = malloc(3 * MIB), *two[] = { big, NULL };
	size_t i;

	memset(big, 'x', MIB);
	big[128 * 1024] = 0;
	fails(execve("/bin/true", two, none), E2BIG, "one argument of 128 KiB");
	fails(execve("/bin/true", none, two), E2BIG, "the same in the environment");
	big[128 * 1024 - 1] = 0;
	for (i = 0; i < 100; i++)
		many[i] = big;
	many[i] = NULL;
	fails(execve("/bin/true", many, none), E2BIG, "12 MiB of arguments");
	many[0] = (char *)8;
	many[1] = NULL;
	fails(execve("/bin/true", many, none), EFAULT, "an argument that is nowhere");
	fails(execve("/bin/true", (char **)(big + 1), none), EFAULT, "arguments that are no pointers");
	memset(big, 'x', 8192);
	fails(run(big), ENAMETOOLONG, "a long name");
	free(many);
	free(big);
}

int main(void)
{
	pthread_t t = thread(count, NULL);
	int fd, before;

	enter_tempdir();
	signal(SIGUSR1, handler);
	put("text", "echo no\n", 8, 0755);
	put("empty", "", 0, 0755);
	put("closed", "#!/bin/sh\n", 10, 0644);
	put("lost", "#!/no/such/interpreter\n", 23, 0755);
	put("blank", "#!  \n", 5, 0755);
	put("elf", "\177ELF and then nothing that is known", 36, 0755);
	elf_put("no-interp", "/no/such/interpreter");
	elf_put("dir-interp", "/");
	must(symlink("text", "link"));
	fails(run("none"), ENOENT, "no such file");
	fails(run(""), ENOENT, "an empty name");
	fails(run("text/x"), ENOTDIR, "a file as directory");
	fails(run("."), EACCES, "a directory");
	fails(run("closed"), EACCES, "no right to execute");
	fails(run("text"), ENOEXEC, "neither program nor script");
	fails(run("empty"), ENOEXEC, "an empty file");
	fails(run("elf"), ENOEXEC, "a broken program");
	fails(run("lost"), ENOENT, "a script without its interpreter");
	fails(run("blank"), ENOEXEC, "a script that names none");
	fails(run("no-interp"), ENOENT, "a program without its interpreter");
	fails(run("dir-interp"), EACCES, "an interpreter that is a directory");
	chain(0, 7);
	put("s7", "#!/bin/true\n", 12, 0755);
	fails(run("s0"), ELOOP, "eight scripts");
	sizes();
	fd = must(open("text", O_RDONLY | O_CLOEXEC));
	fails(run_at(fd, "", AT_EMPTY_PATH), ENOEXEC, "by descriptor");
	fails(run_at(fd, "", 0), ENOENT, "an empty name without AT_EMPTY_PATH");
	fails(run_at(fd, "x", 0), ENOTDIR, "from a file");
	fails(run_at(999, "x", 0), EBADF, "from no descriptor");
	fails(run_at(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW), ELOOP, "a link not followed");
	fails(run_at(AT_FDCWD, "text", 1), EINVAL, "an unknown flag");
	close(fd);
	fd = must(open("lost", O_RDONLY | O_CLOEXEC));
	fails(run_at(fd, "", AT_EMPTY_PATH), ENOENT, "a script that will be closed");
	close(fd);
	fd = must(open("text", O_WRONLY | O_CLOEXEC));
	fails(run("text"), ETXTBSY, "a file that somebody writes");
	before = turns;
	until(turns != before);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	join(t);
	raise(SIGUSR1);
	equal(turns, -SIGUSR1, "threads, handlers and memory are there");
	equal(must(fcntl(fd, F_GETFD)), FD_CLOEXEC, "and descriptors");
	return done();
}
