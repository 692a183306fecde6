// SPDX-License-Identifier: MIT
/*
 * clerk.c - writes the files that change, when a call looks at them.
 *
 * The clerk is a thread with a descriptor table of its own: opening a file would else take a number that the program
 * expects for itself, and show in its /proc/self/fd. It works for one caller at a time, who waits. A file is
 * written under another name and renamed, so who has it open reads on in what was true when he opened it.
 */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct job {
	const struct view_look *look;
	const struct isle_report *report;
	int result;
	bool done;
};

struct view_clerk {
	struct view *view;
	pthread_t thread;
	const int *root;          /* the tree, in the table that the clerk uses */
	int own_root;
	pthread_mutex_t lock;     /* guards the rest */
	pthread_cond_t changed;
	struct job *job;
	bool end;
};

/* Where a file lies in the tree, by enum view_file; a thread's has the directory of the thread before it. */
static const char *const names[] = {
	[VIEW_MEMINFO] = "proc/meminfo", [VIEW_STAT] = "proc/stat",
	[VIEW_SELF_STATUS] = "status", [VIEW_SELF_STAT] = "stat", [VIEW_SELF_COMM] = "comm",
	[VIEW_SELF_STATM] = "statm", [VIEW_SELF_MAPS] = "maps", [VIEW_SELF_CMDLINE] = "cmdline",
	[VIEW_SELF_ENVIRON] = "environ", [VIEW_SELF_AUXV] = "auxv",
};

static int file_write(struct view_clerk *clerk, const char *path, const char *text, size_t len, mode_t mode)
{
	int fd = openat(*clerk->root, "new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode), err = 0;
	size_t done = 0;

	if (fd < 0)
		return -errno;
	while (done < len && !err) {
		ssize_t n = write(fd, text + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			err = n ? -errno : -EIO;
	}
	if (!err && (fchmod(fd, mode) || renameat(*clerk->root, "new", *clerk->root, path)))
		err = -errno;
	close(fd);
	return err;
}

static int file_make(struct view_clerk *clerk, const struct view_look *look, const struct isle_report *report)
{
	char path[64], *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int err;

	if (!out)
		return -ENOMEM;
	if (look->file < VIEW_SELF_STATUS)
		snprintf(path, sizeof(path), "%s", names[look->file]);
	else if (look->tid)
		snprintf(path, sizeof(path), "proc/self/task/%u/%s", look->tid, names[look->file]);
	else
		snprintf(path, sizeof(path), "proc/self/%s", names[look->file]);
	if (look->file == VIEW_MEMINFO)
		view_text_meminfo(clerk->view, report, out);
	else if (look->file == VIEW_STAT)
		view_text_stat(clerk->view, report, out);
	else
		view_text_self(clerk->view, look->file, report, look->tid, out);
	err = fclose(out) ? -ENOMEM : 0;
	if (!err)
		err = file_write(clerk, path, text, len, look->file == VIEW_SELF_COMM ? 0644 : 0444);
	free(text);
	return err;
}

static void task_remove(struct view_clerk *clerk, const char *name)
{
	enum view_file file;
	char path[64];

	for (file = VIEW_SELF_STATUS; file <= VIEW_SELF_COMM; file++) {
		snprintf(path, sizeof(path), "proc/self/task/%.20s/%s", name, names[file]);
		unlinkat(*clerk->root, path, 0);
	}
	snprintf(path, sizeof(path), "proc/self/task/%.20s", name);
	unlinkat(*clerk->root, path, AT_REMOVEDIR);
}

/* The directory of a thread, or none if there is no such thread. True if there is. */
static bool task_make(struct view_clerk *clerk, uint32_t tid, const struct isle_report *report)
{
	char path[64];

	if (!view_report_thread(report, tid)) {
		snprintf(path, sizeof(path), "%u", tid);
		task_remove(clerk, path);
		return false;
	}
	snprintf(path, sizeof(path), "proc/self/task/%u", tid);
	return mkdirat(*clerk->root, path, 0755) == 0 || errno == EEXIST;
}

/* A thread's directory with all that is in it. */
static int task_fill(struct view_clerk *clerk, uint32_t tid, const struct isle_report *report)
{
	struct view_look look = { .tid = tid };
	int err = 0;

	if (!task_make(clerk, tid, report))
		return 0;
	for (look.file = VIEW_SELF_STATUS; look.file <= VIEW_SELF_COMM && !err; look.file++)
		err = file_make(clerk, &look, report);
	return err;
}

static int tasks_make(struct view_clerk *clerk, const struct isle_report *report)
{
	const struct isle_report_thread *thread = view_report_threads(report);
	int fd = openat(*clerk->root, "proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	uint32_t i;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !view_report_thread(report, (uint32_t)atoll(entry->d_name)))
			task_remove(clerk, entry->d_name);
	if (dir)
		closedir(dir);
	for (i = 0; i < report->nr_threads && !err; i++)
		err = task_fill(clerk, thread[i].tid, report);
	return err;
}

static int job_do(struct view_clerk *clerk, const struct job *job)
{
	const struct view_look *look = job->look;

	if (look->file == VIEW_TASKS)
		return tasks_make(clerk, job->report);
	if (look->file == VIEW_TASK)
		return task_fill(clerk, look->tid, job->report);
	if (look->tid && !task_make(clerk, look->tid, job->report))
		return 0;
	return file_make(clerk, look, job->report);
}

/* Where a sandbox forbids a table of one's own, the common one must do. */
static void table_own(struct view_clerk *clerk)
{
	if (unshare(CLONE_FILES))
		return;
	clerk->own_root = *clerk->root;
	clerk->root = &clerk->own_root;
	if (clerk->own_root > 0)
		syscall(SYS_close_range, 0u, (unsigned int)clerk->own_root - 1, 0u);
	syscall(SYS_close_range, (unsigned int)clerk->own_root + 1, ~0u, 0u);
}

static void *clerk_main(void *opaque)
{
	struct view_clerk *clerk = opaque;

	table_own(clerk);
	pthread_mutex_lock(&clerk->lock);
	clerk->job->done = true; /* the table is its own: the caller's descriptors may come and go */
	clerk->job = NULL;
	pthread_cond_broadcast(&clerk->changed);
	while (!clerk->end) {
		struct job *job = clerk->job;

		if (job && !job->done) {
			pthread_mutex_unlock(&clerk->lock);
			job->result = job_do(clerk, job);
			pthread_mutex_lock(&clerk->lock);
			job->done = true;
			clerk->job = NULL;
			pthread_cond_broadcast(&clerk->changed);
		} else {
			pthread_cond_wait(&clerk->changed, &clerk->lock);
		}
	}
	pthread_mutex_unlock(&clerk->lock);
	return NULL;
}

static int job_wait(struct view_clerk *clerk, struct job *job)
{
	while (!job->done)
		pthread_cond_wait(&clerk->changed, &clerk->lock);
	return job->result;
}

int view_clerk_start(struct view *view)
{
	struct view_clerk *clerk = calloc(1, sizeof(*clerk));
	struct job hello = { .done = false };
	sigset_t all, before;
	int err;

	if (!clerk)
		return -ENOMEM;
	clerk->view = view;
	clerk->root = &view->fd[0];
	clerk->job = &hello;
	pthread_mutex_init(&clerk->lock, NULL);
	pthread_cond_init(&clerk->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&clerk->thread, NULL, clerk_main, clerk);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		free(clerk);
		return -err;
	}
	pthread_mutex_lock(&clerk->lock);
	job_wait(clerk, &hello);
	pthread_mutex_unlock(&clerk->lock);
	view->clerk = clerk;
	return 0;
}

void view_clerk_end(struct view *view)
{
	struct view_clerk *clerk = view->clerk;

	/* A child of the process that made the view has no clerk. */
	if (!clerk || view->owner != getpid())
		return;
	pthread_mutex_lock(&clerk->lock);
	clerk->end = true;
	pthread_cond_broadcast(&clerk->changed);
	pthread_mutex_unlock(&clerk->lock);
	pthread_join(clerk->thread, NULL);
	pthread_mutex_destroy(&clerk->lock);
	pthread_cond_destroy(&clerk->changed);
	free(clerk);
	view->clerk = NULL;
}

int view_refresh(struct view *view, const struct view_look *look, const struct isle_report *report)
{
	struct view_clerk *clerk = view->clerk;
	struct job job = { .look = look, .report = report };
	int err;

	pthread_mutex_lock(&clerk->lock);
	while (clerk->job)
		pthread_cond_wait(&clerk->changed, &clerk->lock);
	clerk->job = &job;
	pthread_cond_broadcast(&clerk->changed);
	err = job_wait(clerk, &job);
	pthread_mutex_unlock(&clerk->lock);
	return err;
}
