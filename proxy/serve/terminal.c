// SPDX-License-Identifier: MIT
/*
 * terminal.c - calls from the background of the program's terminal.
 *
 * Linux answers them with SIGTTIN or SIGTTOU for the caller's process group, but not if the caller blocks or ignores
 * the signal (drivers/tty/tty_jobctrl.c, __tty_check_change). The proxy's threads block all signals, so Linux lets
 * such calls through or says EIO; whether the program would be stopped is said here, and decided by the isle, which
 * knows its masks and actions.
 */
#include "terminal.h"

#include <isle/call.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* asm-generic/ioctls.h: TCSETS2, TCSETSW2, TCSETSF2. Their struct is not the C library's. */
enum { SETS2 = 0x402c542b, SETSW2, SETSF2 };

bool terminal_there(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* The descriptor is our controlling terminal, and another group has it. The other end of a pseudo terminal is not. */
static bool is_background(int fd)
{
	pid_t front = tcgetpgrp(fd);
	unsigned int number;

	return front > 0 && front != getpgrp() && tcgetsid(fd) == getsid(0) && ioctl(fd, TIOCGPTN, &number) != 0;
}

/* A process of our session but not of our group has a child in it: its shell, as a rule our own parent. */
static bool is_anchor(pid_t parent)
{
	return parent > 0 && getsid(parent) == getsid(0) && getpgid(parent) != getpgrp();
}

/* Parent of a process of our group; 0: it is of another one, or gone. */
static pid_t parent_in_group(const char *pid)
{
	char path[64], line[512], *end;
	int parent = 0;
	FILE *file;

	if (getpgid(atoi(pid)) != getpgrp())
		return 0;
	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	/* The name may hold anything; behind its last bracket: state, parent. */
	end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	if (!end || sscanf(end + 1, " %*c %d", &parent) != 1)
		parent = 0;
	fclose(file);
	return parent;
}

/* No process of our group has a parent that could let the group go on (POSIX, orphaned process group). */
static bool is_orphan(void)
{
	struct dirent *entry;
	bool orphan = !is_anchor(getppid());
	DIR *dir = orphan ? opendir("/proc") : NULL;

	while (dir && orphan && (entry = readdir(dir)))
		if (*entry->d_name >= '1' && *entry->d_name <= '9')
			orphan = !is_anchor(parent_in_group(entry->d_name));
	if (dir)
		closedir(dir);
	return orphan;
}

/* What sets a terminal: tty_ioctl(2), those for which Linux looks at the group. */
static bool is_setting(uint64_t command)
{
	switch (command) {
	case TCSETS: case TCSETSW: case TCSETSF: case TCSETA: case TCSETAW: case TCSETAF:
	case SETS2: case SETSW2: case SETSF2:
	case TCXONC: case TCFLSH: case TCSBRK: case TCSBRKP: case TIOCSBRK: case TIOCCBRK: case TIOCSETD:
	case TIOCSPGRP:
		return true;
	default:
		return false;
	}
}

bool terminal_holds(uint32_t nr, const uint64_t arg[6], uint32_t *done_flags)
{
	int fd = (int)arg[0];
	struct termios mode;

	switch (nr) {
	case SYS_write:
	case SYS_writev:
		/* A terminal that the program opened itself is not looked at: each call would cost one more. */
		if (fd < 0 || fd > 2 || !is_background(fd) || tcgetattr(fd, &mode) || !(mode.c_lflag & TOSTOP))
			return false;
		break;
	case SYS_ioctl:
		if (!is_setting(arg[1]) || !is_background(fd))
			return false;
		break;
	default:
		return false;
	}
	*done_flags |= ISLE_DONE_F_TTOU | (is_orphan() ? ISLE_DONE_F_ORPHAN : 0);
	return true;
}

void terminal_told(uint32_t nr, const uint64_t arg[6], uint32_t *done_flags)
{
	if ((nr == SYS_read || nr == SYS_readv) && is_background((int)arg[0]) && !is_orphan())
		*done_flags |= ISLE_DONE_F_TTIN;
}
