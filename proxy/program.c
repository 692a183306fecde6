/* SPDX-License-Identifier: MIT */
/*
 * program.c - opens a program and serves the isle that runs it.
 *
 * The program's addresses are mapped here at the same places (serve/mirror.c), so nothing of ours may lie below
 * ISLE_USER_TOP: this is a position-independent executable, and that is checked before it matters.
 */
#include "program.h"

#include "janitor.h"

#include "serve/execblock.h"
#include "serve/signals.h"
#include "view/view.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <isle/exec.h>
#include <isle/window.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

/* Opens one candidate: 0, or the errno with which execve would fail. */
static int candidate_open(struct program *program, const char *path)
{
	return -execfile_open(&program->file, AT_FDCWD, path, 0);
}

/* Along PATH, as execvp goes: EACCES is remembered, the search goes on. */
static int path_search(struct program *program, const char *name)
{
	const char *path = getenv("PATH"), *end;
	int err, worst = ENOENT;

	for (path = path ? path : "/bin:/usr/bin"; path; path = *end ? end + 1 : NULL) {
		char full[PATH_MAX];

		end = strchrnul(path, ':');
		if (snprintf(full, sizeof(full), "%.*s%s%s", (int)(end - path), path, end > path ? "/" : "",
			     name) >= (int)sizeof(full))
			continue;
		err = candidate_open(program, full);
		if (!err)
			return 0;
		if (err == EACCES)
			worst = err;
	}
	return worst;
}

static const char *elf_fault(int fd)
{
	Elf64_Ehdr head;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) || memcmp(head.e_ident, ELFMAG, SELFMAG))
		return "it is neither an ELF program nor a script that begins with #!";
	if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != EM_X86_64)
		return "it is for another machine than x86-64";
	if (head.e_type != ET_EXEC && head.e_type != ET_DYN)
		return "it is not a program";
	return NULL;
}

/* The program's numbers must be free of ours. 0 or -errno. */
static int fd_guard(int *fd)
{
	int high = guard_take(*fd);

	if (high < 0)
		return high;
	*fd = high;
	return 0;
}

int program_open(struct program *program, const char *name, struct why *why)
{
	const char *fault;
	int err;

	program->file.fd = -1;
	err = strchr(name, '/') ? candidate_open(program, name) : path_search(program, name);
	if (err) {
		why_say(why, -err, "%.300s: %s", name, strerror(err));
		return err == ENOENT || err == ENOTDIR ? PROGRAM_NOT_FOUND : PROGRAM_NOT_EXECUTABLE;
	}
	fault = elf_fault(program->file.fd);
	if (fault) {
		why_say(why, -ENOEXEC, "%.300s cannot be run: %s", program->file.name, fault);
		return PROGRAM_NOT_EXECUTABLE;
	}
	return 0;
}

/* 0, or -EBUSY: something of this process lies where the program's memory will be. */
static int addresses_check(struct why *why)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long long start;
	char line[512];
	int err = 0;

	if (!maps)
		return why_say(why, -errno, "/proc/self/maps: %s", strerror(errno));
	while (!err && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%llx-", &start) == 1 && start < ISLE_USER_TOP)
			err = why_say(why, -EBUSY,
				      "isle-run itself occupies program addresses (%#llx): it must be a "
				      "position-independent executable, started without `setarch -R' or "
				      "`-L'", start);
	fclose(maps);
	return err;
}

static void *reception_main(void *program)
{
	worker_signals();
	server_receive(&((struct program *)program)->server);
	return NULL;
}

static void *signals_main(void *program)
{
	signals_pass(&((struct program *)program)->server);
	return NULL;
}

static int threads_start(struct program *program, struct why *why)
{
	int err = pthread_create(&program->reception, NULL, reception_main, program);

	if (err)
		return why_say(why, -err, "no thread could be started: %s", strerror(err));
	err = pthread_create(&program->signals, NULL, signals_main, program);
	if (err) {
		__atomic_store_n(&program->server.stopping, true, __ATOMIC_RELEASE);
		pthread_join(program->reception, NULL);
		return why_say(why, -err, "no thread could be started: %s", strerror(err));
	}
	program->serving = true;
	return 0;
}

/* What the program shall see of the machine. Its own file is told by descriptor: its path may lead elsewhere soon. */
static int view_make(struct program *program, struct isle *isle)
{
	struct view_machine *machine;
	char exe[64];
	uint32_t i;
	int err;

	if (!isle->ops->machine)
		return 0;
	machine = calloc(1, sizeof(*machine));
	if (!machine)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	err = isle->ops->machine(isle, machine);
	for (i = 0; !err && isle->renumber && i < machine->nr_cpus; i++)
		machine->cpu[i].cpu = i;
	if (!err) {
		snprintf(exe, sizeof(exe), "/proc/self/fd/%d", program->file.fd);
		machine->program = exe;
		machine->hidden = guard_owns;
		machine->made = janitor_tell;
		err = view_create(&program->view, machine, NULL);
		if (!err)
			err = view_move_fds(program->view, guard_take);
		if (err)
			why_say(&isle->why, err, "files that describe the isle to its program cannot be made (in "
				"/dev/shm, $XDG_RUNTIME_DIR or /tmp): %s", strerror(-err));
	}
	free(machine);
	return err;
}

/* A script's interpreter gets other arguments than it. 0 or -errno. */
static int block_fill(struct program *program, char **argv, uint32_t flags)
{
	const struct execfile *file = &program->file;
	size_t nr = 0, i;
	char **all;
	int err;

	while (argv[nr])
		nr++;
	all = calloc(file->nr_words + nr + 1, sizeof(all[0]));
	if (!all)
		return -ENOMEM;
	for (i = 0; i < file->nr_words; i++)
		all[i] = file->word[i];
	memcpy(all + i, argv + (i != 0), (nr - (i != 0)) * sizeof(all[0]));
	err = execblock_fill(program->window, file->fd, file->name, all, environ, flags);
	free(all);
	return err;
}

int program_serve(struct program *program, struct isle *isle, const struct config *config, enum debugger_mode debug)
{
	int err = addresses_check(&isle->why);

	if (err)
		return err;
	err = fd_guard(&program->file.fd);
	if (!err)
		err = janitor_guard(guard_take);
	if (!err)
		err = isle->ops->guard(isle);
	if (err)
		return why_say(&isle->why, err, "descriptors for isle-run itself: %s (is `ulimit -n' below 1024?)",
			       strerror(-err));
	program->window = mmap(NULL, ISLE_WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, isle->mem_fd,
			       (off_t)(isle->mem_off + isle->window_ipa));
	if (program->window == MAP_FAILED)
		return why_say(&isle->why, -errno, "the isle's window cannot be mapped: %s", strerror(errno));
	err = block_fill(program, config->program, config->strace ? ISLE_EXEC_F_STRACE : 0);
	if (err)
		return why_say(&isle->why, err, "arguments and environment are too large for an isle");
	err = server_init(&program->server, isle->ops->serve, isle, program->window, isle->mem_fd, isle->mem_off,
			  isle->mem_size);
	if (err)
		return why_say(&isle->why, err, "isle memory cannot be mapped: %s", strerror(-err));
	server_poll(&program->server, config->poll_us);
	err = view_make(program, isle);
	program->server.view = program->view;
	if (!err)
		err = debugger_open(&program->debugger, debug, config->debug_port, program->file.name,
				    &program->server, &isle->why);
	return err;
}

int program_started(struct program *program, struct isle *isle)
{
	int err = threads_start(program, &isle->why);

	if (!err)
		err = debugger_start(&program->debugger);
	return err;
}

void program_debug_end(struct program *program, int status)
{
	debugger_end(&program->debugger, status);
}

void program_end(struct program *program)
{
	if (!program->serving) {
		view_destroy(program->view);
		program->view = NULL;
		return;
	}
	__atomic_store_n(&program->server.stopping, true, __ATOMIC_RELEASE);
	pthread_join(program->reception, NULL);
	pthread_join(program->signals, NULL);
	server_fini(&program->server);
	program->serving = false;
	view_destroy(program->view);
	program->view = NULL;
}
