// SPDX-License-Identifier: MIT
/*
 * rsp.c - see rsp.h. A packet is $data#checksum; each is acknowledged by + until both sides agree not to.
 */
#include "rsp.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SEND_MS  10000

void rsp_init(struct rsp *rsp, int fd)
{
	memset(rsp, 0, sizeof(*rsp));
	rsp->fd = fd;
}

/* The next byte; RSP_TIMEOUT, or -1. */
static int byte_get(struct rsp *rsp, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = rsp->fd, .events = POLLIN };
	ssize_t n;
	int ready;

	if (rsp->in_at < rsp->in_end)
		return rsp->in[rsp->in_at++];
	ready = poll(&poll_fd, 1, timeout_ms);
	if (ready == 0 || (ready < 0 && errno == EINTR))
		return RSP_TIMEOUT;
	n = read(rsp->fd, rsp->in, sizeof(rsp->in));
	if (n <= 0)
		return -1;
	rsp->in_at = 1;
	rsp->in_end = (size_t)n;
	return rsp->in[0];
}

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After $: the length, -1, or RSP_TIMEOUT for a packet that was damaged and will come again. */
static int packet_read(struct rsp *rsp, char *text)
{
	uint8_t sum = 0;
	size_t n = 0;
	int c, high, low;

	while ((c = byte_get(rsp, SEND_MS)) != '#') {
		if (c < 0 || n == RSP_SIZE - 1)
			return -1;
		sum = (uint8_t)(sum + c);
		text[n++] = (char)c;
	}
	text[n] = 0;
	high = digit(byte_get(rsp, SEND_MS));
	low = digit(byte_get(rsp, SEND_MS));
	if (rsp->no_ack)
		return (int)n;
	if (high < 0 || low < 0 || (high << 4 | low) != sum)
		return write(rsp->fd, "-", 1) == 1 ? RSP_TIMEOUT : -1;
	return write(rsp->fd, "+", 1) == 1 ? (int)n : -1;
}

int rsp_read(struct rsp *rsp, char *text, int timeout_ms)
{
	for (;;) {
		int c = byte_get(rsp, timeout_ms);

		if (c == '$')
			return packet_read(rsp, text);
		if (c == 3)
			return RSP_INTERRUPT;
		if (c < 0)
			return c;
		/* Acknowledgements, and noise between packets. */
	}
}

void rsp_begin(struct rsp *rsp)
{
	rsp->out_len = 0;
	rsp_text(rsp, "$");
}

void rsp_text(struct rsp *rsp, const char *format, ...)
{
	size_t room = sizeof(rsp->out) - rsp->out_len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(rsp->out + rsp->out_len, room, format, args);
	va_end(args);
	rsp->out_len += n < 0 || (size_t)n >= room ? room : (size_t)n;
}

void rsp_hex(struct rsp *rsp, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n--)
		rsp_text(rsp, "%02x", *p++);
}

void rsp_binary(struct rsp *rsp, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (; n && rsp->out_len + 2 < sizeof(rsp->out); n--, p++) {
		bool escape = *p == '$' || *p == '#' || *p == '}' || *p == '*';

		if (escape)
			rsp->out[rsp->out_len++] = '}';
		rsp->out[rsp->out_len++] = (char)(escape ? *p ^ 0x20 : *p);
	}
	if (n)
		rsp->out_len = sizeof(rsp->out);
}

int rsp_send(struct rsp *rsp)
{
	char tail[4];
	uint8_t sum = 0;
	size_t i, sent;

	if (rsp->out_len + 4 > sizeof(rsp->out)) {
		rsp_begin(rsp);
		rsp_text(rsp, "E0f");
	}
	for (i = 1; i < rsp->out_len; i++)
		sum = (uint8_t)(sum + (uint8_t)rsp->out[i]);
	snprintf(tail, sizeof(tail), "#%02x", sum);
	memcpy(rsp->out + rsp->out_len, tail, 3);
	rsp->out_len += 3;
	for (sent = 0; sent < rsp->out_len;) {
		ssize_t n = send(rsp->fd, rsp->out + sent, rsp->out_len - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		sent += (size_t)n;
	}
	return 0;
}

size_t rsp_unhex(const char *text, void *bytes, size_t n)
{
	uint8_t *p = bytes;
	size_t i;

	for (i = 0; i < n && digit(text[2 * i]) >= 0 && digit(text[2 * i + 1]) >= 0; i++)
		p[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	return i;
}

size_t rsp_unescape(char *text, size_t n)
{
	size_t from, to = 0;

	for (from = 0; from < n; from++)
		text[to++] = (char)(text[from] == '}' && from + 1 < n ? text[++from] ^ 0x20 : text[from]);
	return to;
}
