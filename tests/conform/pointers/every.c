/* SPDX-License-Identifier: MIT */
/*
 * every - each call of the table with each of its pointers bad, one at a time: what comes back is what Linux says.
 * Catches a row whose pointers are not looked at, and a new row that nobody thought of. How far a call gets with
 * the other arguments, the other programs of this family look after; and addresses of the kernel, which an isle may
 * refuse before Linux would look at them.
 */
#include "pointers.h"

struct row {
	long number;
	const char *name, *format;
};

#define LEAF(nr, name, format)          { nr, #name, format },
#define LOCAL(nr, name, format)         { nr, #name, format },
#define BOTH(nr, name, format)          { nr, #name, format },
#define FORWARD(nr, name, format, ...)  { nr, #name, format },
#define NOSYS(nr, name, format)

static const struct row rows[] = {
#include <isle/syscalls.def>
};

/* Not made: they would take this program away or change the machine, or their answer says nothing. */
static const char *const skipped[] = {
	"clone",          /* flags 0: a fork */
	"vfork", "rt_sigreturn",
	"brk",            /* answers with an address */
	/* addresses, not pointers */
	"mmap", "munmap", "mremap", "mprotect", "pkey_mprotect", "shmat", "set_tid_address", "msync",
	"madvise", "mlock", "munlock", "mlock2", "mbind", "set_mempolicy_home_node",
	"mount", "umount2", "swapon", "swapoff", "pivot_root", "chroot", "acct", "sethostname", "setdomainname",
	"quotactl", "quotactl_fd", "setgroups", "capset", "setrlimit", "syslog", "sysfs", "ustat", "clock_settime",
	"execve", "execveat", "sigaltstack", /* what is looked at first depends on the version of Linux */
	"nanosleep", "rt_sigsuspend", "semop", "semtimedop", "msgsnd", "msgrcv", "shmctl", "semctl", "msgctl",
};

static int is_skipped(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(skipped); i++)
		if (!strcmp(skipped[i], name))
			return 1;
	return 0;
}

static int takes_pid(const char *name)
{
	return !strncmp(name, "sched_", 6) || !strcmp(name, "get_robust_list") || !strcmp(name, "prlimit64");
}

/* Arguments of a call: a file, a size, a place; and the bad one. */
static void args_make(const struct row *row, size_t bad, long nowhere, int fd, char *place, long arg[6])
{
	size_t i;

	memset(arg, 0, 6 * sizeof(arg[0]));
	for (i = 0; row->format[i]; i++) {
		switch (row->format[i]) {
		case 'd':
			arg[i] = i || !takes_pid(row->name) ? fd : 0;
			break;
		case 'u':
			arg[i] = 8;
			break;
		case 's':
			arg[i] = (long)"f";
			break;
		case 'p':
			arg[i] = (long)place;
			break;
		default:
			break;
		}
	}
	arg[bad] = nowhere;
}

static void row_try(const struct row *row, int fd, char *place, long nowhere, const char *kind)
{
	size_t i;

	for (i = 0; row->format[i]; i++) {
		long a[6], ret;

		if (row->format[i] != 'p' && row->format[i] != 's')
			continue;
		memset(place, 0, PAGE);
		args_make(row, i, nowhere, fd, place, a);
		ret = syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
		printf("# %s, argument %d %s: %s\n", row->name, (int)i, kind,
		       ret == -1 ? conform_errno(errno) : ret ? "a number" : "0");
		fflush(stdout);
	}
}

int main(void)
{
	char *gone = anon(4 * PAGE), *place = anon(2 * PAGE);
	size_t i;
	int fd;

	must(munmap(gone, PAGE));
	must(mprotect(gone + PAGE, 3 * PAGE, PROT_NONE));
	enter_tempdir();
	fd = make_file("f", "hello", 5);
	for (i = 0; i < COUNT(rows); i++) {
		if (is_skipped(rows[i].name))
			continue;
		row_try(&rows[i], fd, place, (long)gone, "unmapped");
		row_try(&rows[i], fd, place, (long)(gone + 2 * PAGE), "without rights");
	}
	check(1, "every call of the table");
	return done();
}
