/* SPDX-License-Identifier: MIT */
/*
 * fmt.h - printf-like formatting.
 *
 * Understands %d %i %u %x %X %o %p %s %c %%, the flags '-' '0' '+' '#', width and precision (also
 * '*'), and the lengths hh h l ll z. Anything else is copied as it stands.
 */
#ifndef KERN_FMT_H
#define KERN_FMT_H

#include <stdarg.h>
#include <stddef.h>

/* Where the text goes, piece after piece. */
struct fmt_sink {
	void (*put)(struct fmt_sink *sink, const char *text, size_t size);
};

/* Formats into a sink; returns the number of characters. */
size_t fmt_sink_vprint(struct fmt_sink *sink, const char *format, va_list args);

/*
 * Formats into a buffer of size bytes, always terminated if size > 0. Returns the number of
 * characters that the whole text has.
 */
size_t fmt_vprint(char *buf, size_t size, const char *format, va_list args);
size_t fmt_print(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
