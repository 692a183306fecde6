// SPDX-License-Identifier: MIT
/*
 * fmt.c - formats text like printf, into a sink, in pieces as long as they come.
 *
 * No floating point, no positional arguments. A directive that is not understood is copied, so that
 * it shows.
 */
#include <kern/fmt.h>

#include <stdbool.h>
#include <stdint.h>

#include <kern/string.h>

/* One directive, parsed. */
struct spec {
	bool   left, zero, plus, alt;
	int    width;
	int    precision;    /* -1: none */
	int    length;       /* -2 hh, -1 h, 0, 1 l or z, 2 ll */
	char   conversion;
};

struct out {
	struct fmt_sink *sink;
	size_t count;
};

static void put(struct out *out, const char *text, size_t size)
{
	if (size)
		out->sink->put(out->sink, text, size);
	out->count += size;
}

static void put_times(struct out *out, char c, int times)
{
	while (times-- > 0)
		put(out, &c, 1);
}

static int parse_number(const char **at, va_list *args)
{
	int n = 0;

	if (**at == '*') {
		(*at)++;
		return va_arg(*args, int);
	}
	while (**at >= '0' && **at <= '9' && n < 100000)
		n = n * 10 + (*(*at)++ - '0');
	return n;
}

static const char *parse_flags(const char *at, struct spec *spec)
{
	for (;; at++) {
		switch (*at) {
		case '-': spec->left = true; break;
		case '0': spec->zero = true; break;
		case '+': spec->plus = true; break;
		case '#': spec->alt = true; break;
		default: return at;
		}
	}
}

/* Parses behind the '%'; returns where the text goes on. */
static const char *parse(const char *at, struct spec *spec, va_list *args)
{
	*spec = (struct spec){ .precision = -1 };
	at = parse_flags(at, spec);
	spec->width = parse_number(&at, args);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*at == '.') {
		at++;
		spec->precision = parse_number(&at, args);
	}
	for (;; at++) {
		if (*at == 'l')
			spec->length++;
		else if (*at == 'z')
			spec->length = 1;
		else if (*at == 'h')
			spec->length--;
		else
			break;
	}
	spec->conversion = *at;
	return *at ? at + 1 : at;
}

static void print_string(struct out *out, const struct spec *spec, const char *s)
{
	size_t size;

	if (!s)
		s = "(null)";
	size = spec->precision >= 0 ? strnlen(s, (size_t)spec->precision) : strlen(s);
	if (!spec->left)
		put_times(out, ' ', spec->width - (int)size);
	put(out, s, size);
	if (spec->left)
		put_times(out, ' ', spec->width - (int)size);
}

/* Digits of value, the last of them just before end. Returns how many. */
static int digits(char *end, uint64_t value, uint32_t base, bool upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	for (; value; value /= base)
		end[-++n] = set[value % base];
	return n;
}

static void print_integer(struct out *out, const struct spec *spec, uint64_t value, uint32_t base,
			  const char *prefix)
{
	int prefix_size = (int)strlen(prefix);
	char text[24], *end = text + sizeof(text);
	int n = digits(end, value, base, spec->conversion == 'X');
	int zeroes = (spec->precision >= 0 ? spec->precision : 1) - n;
	int blanks;

	zeroes = zeroes > 0 ? zeroes : 0;
	blanks = spec->width - n - zeroes - prefix_size;
	if (spec->zero && !spec->left && spec->precision < 0 && blanks > 0) {
		zeroes += blanks;
		blanks = 0;
	}
	if (!spec->left)
		put_times(out, ' ', blanks);
	put(out, prefix, (size_t)prefix_size);
	put_times(out, '0', zeroes);
	put(out, end - n, (size_t)n);
	if (spec->left)
		put_times(out, ' ', blanks);
}

static uint64_t take_unsigned(const struct spec *spec, va_list *args)
{
	if (spec->length > 0)
		return va_arg(*args, uint64_t);
	if (spec->length == 0)
		return va_arg(*args, uint32_t);
	return spec->length == -1 ? (uint16_t)va_arg(*args, int) : (uint8_t)va_arg(*args, int);
}

static void print_signed(struct out *out, const struct spec *spec, va_list *args)
{
	int64_t value;

	if (spec->length > 0)
		value = va_arg(*args, int64_t);
	else
		value = va_arg(*args, int);
	if (spec->length == -1)
		value = (int16_t)value;
	else if (spec->length < -1)
		value = (int8_t)value;
	if (value < 0)
		print_integer(out, spec, -(uint64_t)value, 10, "-");
	else
		print_integer(out, spec, (uint64_t)value, 10, spec->plus ? "+" : "");
}

/* False: not a directive of ours. */
static bool print(struct out *out, struct spec *spec, va_list *args)
{
	uint64_t value;

	switch (spec->conversion) {
	case 'd':
	case 'i':
		print_signed(out, spec, args);
		return true;
	case 'u':
		print_integer(out, spec, take_unsigned(spec, args), 10, "");
		return true;
	case 'o':
		print_integer(out, spec, take_unsigned(spec, args), 8, spec->alt ? "0" : "");
		return true;
	case 'x':
	case 'X':
		value = take_unsigned(spec, args);
		print_integer(out, spec, value, 16, spec->alt && value ? "0x" : "");
		return true;
	case 'p':
		print_integer(out, spec, (uint64_t)(uintptr_t)va_arg(*args, void *), 16, "0x");
		return true;
	case 's':
		print_string(out, spec, va_arg(*args, const char *));
		return true;
	case 'c':
		print_string(out, spec, (char[2]){ (char)va_arg(*args, int), 0 });
		return true;
	case '%':
		put(out, "%", 1);
		return true;
	}
	return false;
}

/*
 * The next % or the end. In words, once they are aligned: such a word never lies in two pages, so what stands
 * behind the end may be read. A byte's high bit in zeroes tells that it is 0, or that one below it is.
 */
__attribute__((no_sanitize_address)) static const char *percent_find(const char *at)
{
	typedef uint64_t __attribute__((may_alias)) word_t;
	const uint64_t ones = 0x0101010101010101ull;

	for (; (uintptr_t)at % 8; at++)
		if (!*at || *at == '%')
			return at;
	for (;; at += 8) {
		uint64_t word = *(const word_t *)at, other = word ^ ones * '%';
		uint64_t zeroes = (((word - ones) & ~word) | ((other - ones) & ~other)) & ones * 0x80;

		if (zeroes)
			return at + __builtin_ctzll(zeroes) / 8;
	}
}

size_t fmt_sink_vprint(struct fmt_sink *sink, const char *format, va_list args)
{
	struct out out = { sink, 0 };
	va_list copy;

	va_copy(copy, args);
	while (*format) {
		const char *start = format;
		struct spec spec;

		format = percent_find(format);
		put(&out, start, (size_t)(format - start));
		if (!*format)
			break;
		start = format;
		format = parse(format + 1, &spec, &copy);
		if (!print(&out, &spec, &copy))
			put(&out, start, (size_t)(format - start));
	}
	va_end(copy);
	return out.count;
}

struct buffer {
	struct fmt_sink sink;
	char *at, *end;       /* end: place of the last NUL */
};

static void buffer_put(struct fmt_sink *sink, const char *text, size_t size)
{
	struct buffer *b = (struct buffer *)sink;
	size_t room = (size_t)(b->end - b->at);

	size = size < room ? size : room;
	if (!size)
		return;
	memcpy(b->at, text, size);
	b->at += size;
}

size_t fmt_vprint(char *buf, size_t size, const char *format, va_list args)
{
	struct buffer b = { { buffer_put }, buf, size ? buf + size - 1 : buf };
	size_t count = fmt_sink_vprint(&b.sink, format, args);

	if (size)
		*b.at = 0;
	return count;
}

size_t fmt_print(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	size_t count;

	va_start(args, format);
	count = fmt_vprint(buf, size, format, args);
	va_end(args);
	return count;
}
