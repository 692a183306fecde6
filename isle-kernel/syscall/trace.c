// SPDX-License-Identifier: MIT
/*
 * trace.c - a call as a line of the log, for isle-run --strace: its arguments as the table of calls
 * says what they are, and its result.
 *
 * Lines are written when the call is over. Texts are only looked at where they are present, so that
 * tracing changes nothing.
 */
#include <kern/errno.h>
#include <kern/fmt.h>
#include <kern/log.h>
#include <kern/syscall.h>
#include <kern/uaccess.h>

#define TEXT_MAX  60u

static const struct {
	uint8_t number;
	const char *name;
} errors[] = {
#define NAME(error) { error, #error }
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG),
	NAME(ENOEXEC), NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES),
	NAME(EFAULT), NAME(EBUSY), NAME(EEXIST), NAME(ENODEV), NAME(ENOTDIR), NAME(EINVAL),
	NAME(EMFILE), NAME(ENOTTY), NAME(ENOSPC), NAME(ESPIPE), NAME(EPIPE), NAME(ERANGE),
	NAME(EDEADLK), NAME(ENAMETOOLONG), NAME(ENOSYS), NAME(EOVERFLOW), NAME(EOPNOTSUPP),
	NAME(ETIMEDOUT),
#undef NAME
};

struct line {
	char text[320];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line->used += fmt_vprint(line->text + line->used, sizeof(line->text) - line->used, format, args);
	va_end(args);
	if (line->used > sizeof(line->text) - 1)
		line->used = sizeof(line->text) - 1;
}

/* A byte of the program's memory; false if it is not there. */
static bool byte_at(isle_uva_t at, char *c)
{
	uint32_t word;

	if (!user_peek32(at & ~3ull, &word))
		return false;
	*c = (char)(word >> at % 4 * 8);
	return true;
}

static void add_text(struct line *line, isle_uva_t at)
{
	char text[TEXT_MAX + 1], c = 0;
	uint32_t n = 0;

	while (n < TEXT_MAX && byte_at(at + n, &c) && c) {
		text[n++] = c >= ' ' && c <= '~' ? c : '?';
		c = 0;
	}
	text[n] = 0;
	if (!at)
		add(line, "NULL");
	else if (!n && !byte_at(at, &c))
		add(line, "%#lx", (unsigned long)at);
	else
		add(line, "\"%s\"%s", text, n == TEXT_MAX ? "..." : "");
}

static void add_argument(struct line *line, char kind, uint64_t value)
{
	switch (kind) {
	case 'd':
		if ((int32_t)value == -100)
			add(line, "AT_FDCWD");
		else
			add(line, "%d", (int32_t)value);
		break;
	case 'u':
		add(line, "%lu", (unsigned long)value);
		break;
	case 'o':
		add(line, "%s%lo", value ? "0" : "", (unsigned long)value);
		break;
	case 's':
		add_text(line, value);
		break;
	case 'p':
		if (value)
			add(line, "%#lx", (unsigned long)value);
		else
			add(line, "NULL");
		break;
	default:
		/* Flags, or what depends on the call. */
		add(line, "%s%lx", value < 10 ? "" : "0x", (unsigned long)value);
	}
}

static const char *error_name(int64_t result)
{
	uint32_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == -result)
			return errors[i].name;
	return "";
}

void syscall_trace(uint32_t tid, uint32_t nr, const uint64_t arg[6], int64_t result)
{
	const struct syscall_row *row = nr < SYSCALL_NR && syscall_table[nr].name ? &syscall_table[nr] : NULL;
	struct line line = { .used = 0 };
	uint32_t i;

	if (row)
		add(&line, "%s(", row->name);
	else
		add(&line, "call %u(", nr);
	for (i = 0; row && i < 6 && row->format[i]; i++) {
		add(&line, "%s", i ? ", " : "");
		add_argument(&line, row->format[i], arg[i]);
	}
	if (result <= -ERESTARTSYS && result >= -ERESTARTNOHAND)
		add(&line, ") = ? broken off by a signal");
	else if (result < 0 && result >= -4095)
		add(&line, ") = -1 %s (%ld)", error_name(result), (long)-result);
	else if (result > 0xffffff)
		add(&line, ") = %#lx", (unsigned long)result);
	else
		add(&line, ") = %ld", (long)result);
	log_info("strace %u: %s", tid, line.text);
}
