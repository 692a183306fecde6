/* SPDX-License-Identifier: MIT */
/*
 * check.c - finds out which MPI library a program uses and whether isles know it.
 *
 * MPICH carries its device as a text of its own, "ch4:ucx", in the library or in a static program;
 * UCX carries the names of its transports. So files are searched for such texts.
 */
#include "check.h"

#include <fcntl.h>
#include <libgen.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void copy_text(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		length = size - 1;
	memcpy(to, from, length);
	to[length] = 0;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* libmpi.so.12 is the number that MPICH and those who follow it agreed on; Open MPI's is 40. */
static enum fit_mpi mpi_kind(const char *library)
{
	if (starts(library, "libmpich.so") || starts(library, "libmpi.so.12"))
		return FIT_MPI_MPICH;
	if (starts(library, "libmpi.so.") || starts(library, "libopen-rte") ||
	    starts(library, "libopen-pal"))
		return FIT_MPI_OPEN;
	if (starts(library, "libmpi.so") || starts(library, "libmpi_"))
		return FIT_MPI_OTHER;
	return FIT_MPI_NONE;
}

/* A line is "	name => path (address)", or "	name => not found". */
static void read_ldd_line(char *line, struct fit_libraries *libraries)
{
	char *name = line + strspn(line, " \t"), *arrow = strstr(name, " => "), *path, *end;
	enum fit_mpi kind;

	if (starts(name, "not a dynamic executable") || starts(name, "statically linked"))
		libraries->is_static = true;
	if (!arrow)
		return;
	*arrow = 0;
	path = arrow + 4;
	if (starts(path, "not found")) {
		if (!libraries->lost[0])
			copy_text(libraries->lost, FIT_PATH, name, strlen(name));
		path[0] = 0;
	}
	end = strstr(path, " (");
	if (!end)
		end = path + strcspn(path, "\n");
	kind = mpi_kind(name);
	if (kind != FIT_MPI_NONE && libraries->mpi == FIT_MPI_NONE) {
		libraries->mpi = kind;
		copy_text(libraries->mpi_path, FIT_PATH, path, (size_t)(end - path));
	}
	if (starts(name, "libuct.so"))
		copy_text(libraries->uct_path, FIT_PATH, path, (size_t)(end - path));
}

void fit_read_ldd(FILE *in, struct fit_libraries *libraries)
{
	char *line = NULL;
	size_t room = 0;

	memset(libraries, 0, sizeof(*libraries));
	while (getline(&line, &room, in) >= 0)
		read_ldd_line(line, libraries);
	free(line);
}

/* A text with a NUL in front and behind, so that ch4:ucx is not found in a usage message. */
static bool holds_text(const void *bytes, size_t size, const char *text)
{
	char whole[64] = "";
	size_t length = strlen(text);

	memcpy(whole + 1, text, length);
	return memmem(bytes, size, whole, length + 2) != NULL;
}

bool fit_find_device(const void *bytes, size_t size, char device[64])
{
	static const char *const devices[] = {
		"ch4:ucx", "ch4:ofi", "ch3:nemesis", "ch3:nemesis:tcp", "ch3:sock", "ch3:mrail",
	};

	device[0] = 0;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]) && !device[0]; i++)
		if (holds_text(bytes, size, devices[i]))
			strcpy(device, devices[i]);
	return device[0];
}

uint32_t fit_find_transports(const void *bytes, size_t size)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} table[] = {
		{ "posix", FIT_POSIX }, { "sysv", FIT_SYSV }, { "self", FIT_SELF },
		{ "tcp", FIT_TCP }, { "cma", FIT_CMA },
	};
	uint32_t found = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (holds_text(bytes, size, table[i].name))
			found |= table[i].bit;
	return found;
}

/* The rest of a line behind "Name:" and blanks. */
static bool read_field(const char *line, const char *name, char value[64])
{
	if (!starts(line, name))
		return false;
	line += strlen(name);
	line += strspn(line, " \t");
	copy_text(value, 64, line, strcspn(line, "\r\n"));
	return true;
}

bool fit_read_mpichversion(FILE *in, char version[64], char device[64])
{
	char *line = NULL;
	size_t room = 0;

	version[0] = device[0] = 0;
	while (getline(&line, &room, in) >= 0)
		if (!read_field(line, "MPICH Version:", version))
			read_field(line, "MPICH Device:", device);
	free(line);
	return version[0] && device[0];
}

struct bytes {
	void *data;
	size_t size;
};

static int bytes_open(const char *path, struct bytes *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EISDIR;
	else if (!st.st_size)
		err = -ENODATA;
	if (!err) {
		bytes->size = (size_t)st.st_size;
		bytes->data = mmap(NULL, bytes->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes->data == MAP_FAILED)
			err = -errno;
	}
	close(fd);
	return err;
}

static void bytes_close(struct bytes *bytes)
{
	munmap(bytes->data, bytes->size);
}

/* No shell between: the name is whatever the user typed. And ldd speaks many languages. */
static int run_ldd(const char *path, struct fit_libraries *libraries, struct refusal *why)
{
	char env[] = "env", lang[] = "LC_ALL=C", ldd[] = "ldd", end[] = "--";
	char *name = strdup(path), *argv[] = { env, lang, ldd, end, name, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status, err = 0;
	pid_t pid;
	FILE *in;

	if (!name || pipe2(ends, O_CLOEXEC)) {
		free(name);
		return refuse(why, FIT_NO_LDD, path, strerror(errno));
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	err = posix_spawnp(&pid, "env", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(name);
	close(ends[1]);
	in = fdopen(ends[0], "r");
	if (!in)
		close(ends[0]);
	if (!err && in)
		fit_read_ldd(in, libraries);
	if (in)
		fclose(in);
	if (err || !in)
		return refuse(why, FIT_NO_LDD, path, strerror(err ? err : ENOMEM));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* UCX keeps some transports in modules, in the folder ucx beside the library. */
static uint32_t module_transports(const char *uct_path)
{
	char copy[FIT_PATH], module[FIT_PATH + 32];

	copy_text(copy, sizeof(copy), uct_path, strlen(uct_path));
	snprintf(module, sizeof(module), "%s/ucx/libuct_cma.so.0", dirname(copy));
	return access(module, R_OK) ? 0 : FIT_CMA;
}

static int look_at_ucx(struct fit *fit, struct refusal *why)
{
	struct bytes bytes;
	int err;

	if (!fit->libraries.uct_path[0])
		return refuse(why, FIT_NO_TRANSPORT, fit->libraries.mpi_path);
	err = bytes_open(fit->libraries.uct_path, &bytes);
	if (err)
		return refuse(why, FIT_NO_PROGRAM, fit->libraries.uct_path, strerror(-err));
	fit->transports = fit_find_transports(bytes.data, bytes.size);
	bytes_close(&bytes);
	fit->transports |= module_transports(fit->libraries.uct_path);
	if (!(fit->transports & FIT_POSIX))
		return refuse(why, FIT_NO_TRANSPORT, fit->libraries.uct_path);
	return 0;
}

static int look_at_mpi(const char *path, struct fit *fit, struct refusal *why)
{
	const char *file = fit->libraries.is_static ? path : fit->libraries.mpi_path;
	struct bytes bytes;
	int err = bytes_open(file, &bytes);

	if (err)
		return refuse(why, FIT_NO_PROGRAM, file, strerror(-err));
	fit_find_device(bytes.data, bytes.size, fit->device);
	if (fit->libraries.is_static)
		fit->transports = fit_find_transports(bytes.data, bytes.size);
	bytes_close(&bytes);
	if (fit->libraries.is_static && !fit->device[0])
		return refuse(why, FIT_NO_MPI, path);
	fit->libraries.mpi = FIT_MPI_MPICH;
	if (strcmp(fit->device, "ch4:ucx"))
		return refuse(why, FIT_OTHER_MPI, path, file,
			      fit->device[0] ? fit->device : "not known");
	if (!fit->libraries.is_static)
		return look_at_ucx(fit, why);
	refuse(&fit->note, FIT_STATIC, path, fit->device);
	return fit->transports & FIT_POSIX ? 0 : refuse(why, FIT_NO_TRANSPORT, path);
}

int fit_program(const char *path, struct fit *fit, struct refusal *why)
{
	struct bytes bytes;
	int err;

	memset(fit, 0, sizeof(*fit));
	err = bytes_open(path, &bytes);
	if (err)
		return refuse(why, FIT_NO_PROGRAM, path, strerror(-err));
	bytes_close(&bytes);
	err = run_ldd(path, &fit->libraries, why);
	if (err)
		return err;
	if (fit->libraries.lost[0])
		return refuse(why, FIT_LOST_LIBRARY, fit->libraries.lost);
	switch (fit->libraries.mpi) {
	case FIT_MPI_OPEN:
		return refuse(why, FIT_OPEN_MPI, path, fit->libraries.mpi_path);
	case FIT_MPI_OTHER:
		return refuse(why, FIT_OTHER_MPI, path, fit->libraries.mpi_path, "not known");
	case FIT_MPI_NONE:
		if (!fit->libraries.is_static)
			return refuse(why, FIT_NO_MPI, path);
		break;
	case FIT_MPI_MPICH:
		break;
	}
	return look_at_mpi(path, fit, why);
}
