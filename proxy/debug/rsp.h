/* SPDX-License-Identifier: MIT */
/*
 * rsp.h - packets of gdb's remote serial protocol over a stream: framing, checksums, acknowledgements, hex.
 *
 * GDB manual, appendix E ("Overview", "Packet Acknowledgment").
 */
#ifndef DEBUG_RSP_H
#define DEBUG_RSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSP_SIZE  0x4000u   /* longest packet, both ways; the stub says so in qSupported */

struct rsp {
	int fd;
	bool no_ack;
	uint8_t in[4096];       /* bytes received and not yet looked at */
	size_t in_at, in_end;
	char out[RSP_SIZE];     /* the answer being built */
	size_t out_len;
};

void rsp_init(struct rsp *rsp, int fd);

#define RSP_INTERRUPT  (-2)     /* rsp_read: the user typed Ctrl-C */
#define RSP_TIMEOUT    (-3)     /* nothing came, or a packet was damaged and will come again */

/*
 * Reads one packet into text (RSP_SIZE bytes, NUL added): its length. RSP_INTERRUPT; -1 when the other side is
 * gone or does not speak the protocol; RSP_TIMEOUT.
 */
int rsp_read(struct rsp *rsp, char *text, int timeout_ms);

/* Building an answer: begin, add..., send. What does not fit is dropped and send answers E0f instead. */
void rsp_begin(struct rsp *rsp);
void rsp_text(struct rsp *rsp, const char *format, ...) __attribute__((format(printf, 2, 3)));
void rsp_hex(struct rsp *rsp, const void *bytes, size_t n);
/* Raw bytes with the protocol's escapes. */
void rsp_binary(struct rsp *rsp, const void *bytes, size_t n);
/* 0, or -1 when the other side is gone. */
int rsp_send(struct rsp *rsp);

/* Decodes up to n bytes of hex: how many there were. */
size_t rsp_unhex(const char *text, void *bytes, size_t n);
/* Takes the escapes out of binary data, in place: its length. */
size_t rsp_unescape(char *text, size_t n);

#endif
