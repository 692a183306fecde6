// SPDX-License-Identifier: MIT
/*
 * rsp.c - packets and registers of the debugger's stub, over a socket pair and without an isle.
 */
#include "../lib/check.h"

#include "debug/gdbregs.h"
#include "debug/rsp.h"

#include <sys/socket.h>

static struct rsp rsp;
static char text[RSP_SIZE];
static int pair[2];

static void begin(void)
{
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	rsp_init(&rsp, pair[0]);
}

static void end(void)
{
	close(pair[0]);
	close(pair[1]);
}

static void say(const char *bytes)
{
	EXPECT_EQ(write(pair[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

static const char *heard(void)
{
	static char bytes[RSP_SIZE];
	ssize_t n = recv(pair[1], bytes, sizeof(bytes) - 1, MSG_DONTWAIT);

	bytes[n > 0 ? n : 0] = 0;
	return bytes;
}

/* Catches: packets cut, not acknowledged, or taken in spite of a wrong checksum. */
TEST(packets_are_framed_and_acknowledged)
{
	begin();
	say("+$qC#b4");
	EXPECT_EQ(rsp_read(&rsp, text, 1000), 2);
	EXPECT_STR(text, "qC");
	EXPECT_STR(heard(), "+");
	say("$qC#00");
	EXPECT_EQ(rsp_read(&rsp, text, 1000), RSP_TIMEOUT);
	EXPECT_STR(heard(), "-");
	say("\3");
	EXPECT_EQ(rsp_read(&rsp, text, 1000), RSP_INTERRUPT);
	EXPECT_EQ(rsp_read(&rsp, text, 1), RSP_TIMEOUT);
	end();
}

/* Catches: a longer packet than there is room for, written past the end. */
TEST(a_packet_without_end_is_refused)
{
	char noise[1024];
	int i;

	begin();
	memset(noise, 'a', sizeof(noise));
	say("$");
	for (i = 0; i < (int)(RSP_SIZE / sizeof(noise)); i++)
		EXPECT_EQ(write(pair[1], noise, sizeof(noise)), (ssize_t)sizeof(noise));
	EXPECT_EQ(rsp_read(&rsp, text, 1000), -1);
	end();
}

/* Catches: an answer that does not fit and is sent cut off, as if it were whole. */
TEST(an_answer_too_long_becomes_an_error)
{
	static uint8_t many[RSP_SIZE];

	begin();
	rsp_begin(&rsp);
	rsp_hex(&rsp, many, sizeof(many));
	EXPECT_EQ(rsp_send(&rsp), 0);
	EXPECT_STR(heard(), "$E0f#db");
	end();
}

/* Catches: bytes that mean something to the protocol, sent as they are. */
TEST(binary_data_survives)
{
	char back[] = "a}\003}\x04}\x5d";
	const uint8_t odd[] = { '#', '$', '}', '*', 'x' };

	begin();
	rsp_begin(&rsp);
	rsp_binary(&rsp, odd, sizeof(odd));
	EXPECT_EQ(rsp.out_len, 1 + 9);
	EXPECT_EQ(rsp_send(&rsp), 0);
	EXPECT_EQ(rsp_unescape(back, strlen(back)), 4);
	EXPECT_EQ(memcmp(back, "a#$}", 4), 0);
	end();
}

/* Catches: registers in another order than the description says, or lost on the way. */
TEST(registers_come_back_as_they_were)
{
	static struct gdbregs out, in;
	uint8_t bytes[GDBREGS_SIZE];
	size_t i, n, at, size;

	for (i = 0; i < sizeof(out.regs); i++)
		((uint8_t *)&out.regs)[i] = (uint8_t)(i + 1);
	for (i = 0; i < 1088; i++)
		out.fpu[i] = (uint8_t)(3 * i);
	memset(out.fpu + 512, 0, 64);
	out.fpu[512] = 7; /* XSTATE_BV: x87, SSE, AVX */
	out.fpu_size = in.fpu_size = 832;
	in.fpu[512] = 7;
	n = gdbregs_pack(&out, true, bytes);
	/* 16 + rip + orig_rax + 2 bases of 8, eflags and 6 segments of 4, x87, XMM and MXCSR, upper halves of YMM. */
	EXPECT_EQ(n, 20 * 8 + 7 * 4 + 8 * 10 + 8 * 4 + 16 * 16 + 4 + 16 * 16);
	gdbregs_unpack(&in, true, bytes, n);
	EXPECT_EQ(in.regs.rip, out.regs.rip);
	EXPECT_EQ(in.regs.fs_base, out.regs.fs_base);
	EXPECT_EQ(memcmp(in.fpu + 160, out.fpu + 160, 256), 0);
	EXPECT_EQ(memcmp(in.fpu + 576, out.fpu + 576, 256), 0);
	EXPECT(gdbregs_place(16, true, &at, &size));
	EXPECT_EQ(memcmp(bytes + at, &out.regs.rip, 8), 0);
	EXPECT(!gdbregs_place(60, false, &at, &size));
	EXPECT(gdbregs_place(75, true, &at, &size));
	EXPECT(!gdbregs_place(76, true, &at, &size));
}

/* Catches: what lies in the area of a component that is in its initial state, taken for registers. */
TEST(an_initial_component_is_zero)
{
	static struct gdbregs r;
	uint8_t bytes[GDBREGS_SIZE];
	size_t at, size, i;

	memset(r.fpu, 0xee, sizeof(r.fpu));
	memset(r.fpu + 512, 0, 64);
	r.fpu_size = 832;
	gdbregs_pack(&r, true, bytes);
	EXPECT(gdbregs_place(40, true, &at, &size));
	for (i = 0; i < size; i++)
		EXPECT_EQ(bytes[at + i], 0);
	/* Writing one wakes the component, and zeroes the others of it. */
	bytes[at] = 9;
	gdbregs_unpack(&r, true, bytes, gdbregs_pack(&r, true, (uint8_t[GDBREGS_SIZE]){ 0 }));
	EXPECT_EQ(r.fpu[512] & 2, 2);
	EXPECT_EQ(r.fpu[160], 9);
	EXPECT_EQ(r.fpu[176], 0);
}

/* Catches: a description that gdb cannot read, or of other registers than are sent. */
TEST(the_description_has_every_register)
{
	const char *at = gdbregs_description(true);
	unsigned int n = 0;

	EXPECT(strstr(at, "</target>"));
	for (; (at = strstr(at, "<reg name=")) != NULL; at++)
		n++;
	EXPECT_EQ(n, 76);
}

int main(void)
{
	return check_main(NULL);
}
