// SPDX-License-Identifier: MIT
/*
 * gdbregs.c - one table of registers: number of bytes, and where they come from.
 *
 * FXSAVE area: Intel SDM vol. 1, table 10-2. XSAVE: 13.4; the upper halves of YMM lie at 576 in the standard
 * format, and a component whose bit in XSTATE_BV is clear is in its initial state, whatever the area holds.
 */
#include "gdbregs.h"

#include <stdio.h>
#include <string.h>

#define NR_BASE    58u   /* core 40, sse 17, linux 1 */
#define NR_ALL     (NR_BASE + 2u)
#define NR_AVX     16u
#define REG_ST0    24u
#define REG_FCTRL  32u
#define REG_XMM0   40u
#define REG_MXCSR  56u
#define REG_ORIG   57u
#define REG_FS     58u
#define REG_YMMH0  60u

#define FX_FCW     0u
#define FX_FSW     2u
#define FX_FTW     4u
#define FX_FOP     6u
#define FX_FIP     8u
#define FX_FCS     12u
#define FX_FDP     16u
#define FX_FDS     20u
#define FX_MXCSR   24u
#define FX_ST      32u
#define FX_XMM     160u
#define XSAVE_BV   512u
#define XSAVE_YMMH 576u
#define BV_X87     1u
#define BV_SSE     2u
#define BV_AVX     4u

/* rax to gs in gdb's order, as offsets in isle_debug_regs. */
#define AT(name)  offsetof(struct isle_debug_regs, name)
static const uint8_t general_at[REG_ST0] = {
	AT(rax), AT(rbx), AT(rcx), AT(rdx), AT(rsi), AT(rdi), AT(rbp), AT(rsp), AT(r8), AT(r9), AT(r10), AT(r11),
	AT(r12), AT(r13), AT(r14), AT(r15), AT(rip), AT(eflags), AT(cs), AT(ss), AT(ds), AT(es), AT(fs), AT(gs),
};

static size_t size_of(unsigned int n)
{
	if (n < 17 || (n >= REG_ORIG && n < REG_YMMH0))
		return 8;
	if (n < REG_ST0 || (n >= REG_FCTRL && n < REG_XMM0) || n == REG_MXCSR)
		return 4;
	return n < REG_FCTRL ? 10 : 16;
}

bool gdbregs_avx(const struct gdbregs *r)
{
	return r->fpu_size >= XSAVE_YMMH + 16 * NR_AVX;
}

bool gdbregs_place(unsigned int n, bool avx, size_t *at, size_t *size)
{
	unsigned int i;

	if (n >= NR_ALL + (avx ? NR_AVX : 0))
		return false;
	*at = 0;
	for (i = 0; i < n; i++)
		*at += size_of(i);
	*size = size_of(n);
	return true;
}

static uint64_t bv_of(const struct gdbregs *r)
{
	uint64_t bv = BV_X87 | BV_SSE;

	if (r->fpu_size > XSAVE_BV)
		memcpy(&bv, r->fpu + XSAVE_BV, sizeof(bv));
	return bv;
}

static uint32_t le(const uint8_t *p, unsigned int bytes)
{
	uint32_t value = 0;

	memcpy(&value, p, bytes);
	return value;
}

/* FXSAVE has one bit a register, gdb wants two: 0 in use, 3 empty. */
static uint32_t tags_expand(uint32_t bits)
{
	uint32_t tags = 0, i;

	for (i = 0; i < 8; i++)
		tags |= (bits >> i & 1 ? 0u : 3u) << (2 * i);
	return tags;
}

static uint32_t tags_shrink(uint32_t tags)
{
	uint32_t bits = 0, i;

	for (i = 0; i < 8; i++)
		bits |= ((tags >> (2 * i) & 3) != 3 ? 1u : 0u) << i;
	return bits;
}

static uint32_t control_get(const struct gdbregs *r, unsigned int n, bool x87)
{
	switch (n) {
	case 0:
		return x87 ? le(r->fpu + FX_FCW, 2) : 0x37f;
	case 1:
		return x87 ? le(r->fpu + FX_FSW, 2) : 0;
	case 2:
		return x87 ? tags_expand(r->fpu[FX_FTW]) : 0xffff;
	case 3:
		return x87 ? le(r->fpu + FX_FCS, 2) : 0;
	case 4:
		return x87 ? le(r->fpu + FX_FIP, 4) : 0;
	case 5:
		return x87 ? le(r->fpu + FX_FDS, 2) : 0;
	case 6:
		return x87 ? le(r->fpu + FX_FDP, 4) : 0;
	default:
		return x87 ? le(r->fpu + FX_FOP, 2) : 0;
	}
}

static void control_put(struct gdbregs *r, unsigned int n, uint32_t value)
{
	static const uint8_t at[8] = { FX_FCW, FX_FSW, FX_FTW, FX_FCS, FX_FIP, FX_FDS, FX_FDP, FX_FOP };
	static const uint8_t bytes[8] = { 2, 2, 1, 2, 4, 2, 4, 2 };

	if (n == 2)
		value = tags_shrink(value);
	memcpy(r->fpu + at[n], &value, bytes[n]);
}

static void reg_get(const struct gdbregs *r, unsigned int n, uint8_t *out)
{
	uint64_t bv = bv_of(r);
	uint32_t value;

	memset(out, 0, size_of(n));
	if (n < REG_ST0) {
		memcpy(out, (const uint8_t *)&r->regs + general_at[n], size_of(n));
	} else if (n < REG_FCTRL) {
		if (bv & BV_X87)
			memcpy(out, r->fpu + FX_ST + 16 * (n - REG_ST0), 10);
	} else if (n < REG_XMM0) {
		value = control_get(r, n - REG_FCTRL, bv & BV_X87);
		memcpy(out, &value, 4);
	} else if (n < REG_MXCSR) {
		if (bv & BV_SSE)
			memcpy(out, r->fpu + FX_XMM + 16 * (n - REG_XMM0), 16);
	} else if (n == REG_MXCSR) {
		memcpy(out, r->fpu + FX_MXCSR, 4);
	} else if (n == REG_ORIG) {
		memcpy(out, &r->regs.orig_rax, 8);
	} else if (n < REG_YMMH0) {
		memcpy(out, n == REG_FS ? &r->regs.fs_base : &r->regs.gs_base, 8);
	} else if (bv & BV_AVX) {
		memcpy(out, r->fpu + XSAVE_YMMH + 16 * (n - REG_YMMH0), 16);
	}
}

/* A component that is written is no longer in its initial state. */
static void bv_add(struct gdbregs *r, uint64_t bit)
{
	uint64_t bv = bv_of(r);

	if (r->fpu_size <= XSAVE_BV || (bv & bit))
		return;
	if (bit == BV_X87) {
		memset(r->fpu, 0, FX_MXCSR);
		r->fpu[FX_FCW] = 0x7f;
		r->fpu[FX_FCW + 1] = 3;
		memset(r->fpu + FX_ST, 0, FX_XMM - FX_ST);
	} else if (bit == BV_SSE) {
		memset(r->fpu + FX_XMM, 0, 256);
	} else {
		memset(r->fpu + XSAVE_YMMH, 0, 256);
	}
	bv |= bit;
	memcpy(r->fpu + XSAVE_BV, &bv, sizeof(bv));
}

static void reg_put(struct gdbregs *r, unsigned int n, const uint8_t *in)
{
	if (n < REG_ST0) {
		memcpy((uint8_t *)&r->regs + general_at[n], in, size_of(n));
	} else if (n < REG_XMM0) {
		bv_add(r, BV_X87);
		if (n < REG_FCTRL)
			memcpy(r->fpu + FX_ST + 16 * (n - REG_ST0), in, 10);
		else
			control_put(r, n - REG_FCTRL, le(in, 4));
	} else if (n < REG_MXCSR) {
		bv_add(r, BV_SSE);
		memcpy(r->fpu + FX_XMM + 16 * (n - REG_XMM0), in, 16);
	} else if (n == REG_MXCSR) {
		memcpy(r->fpu + FX_MXCSR, in, 4);
	} else if (n == REG_ORIG) {
		memcpy(&r->regs.orig_rax, in, 8);
	} else if (n < REG_YMMH0) {
		memcpy(n == REG_FS ? &r->regs.fs_base : &r->regs.gs_base, in, 8);
	} else {
		bv_add(r, BV_AVX);
		memcpy(r->fpu + XSAVE_YMMH + 16 * (n - REG_YMMH0), in, 16);
	}
}

size_t gdbregs_pack(const struct gdbregs *r, bool avx, uint8_t *out)
{
	size_t at, size, end = 0;
	unsigned int n;

	for (n = 0; gdbregs_place(n, avx, &at, &size); n++) {
		reg_get(r, n, out + at);
		end = at + size;
	}
	return end;
}

void gdbregs_unpack(struct gdbregs *r, bool avx, const uint8_t *in, size_t size)
{
	uint8_t now[16];
	size_t at, bytes;
	unsigned int n;

	/* What did not change must not wake a component from its initial state. */
	for (n = 0; gdbregs_place(n, avx, &at, &bytes) && at + bytes <= size; n++) {
		reg_get(r, n, now);
		if (memcmp(now, in + at, bytes))
			reg_put(r, n, in + at);
	}
}

static size_t text_add(char *text, size_t size, size_t at, const char *line)
{
	return at + (size_t)snprintf(text + at, at < size ? size - at : 0, "%s\n", line);
}

#define REG(name, bits, type)  "<reg name=\"" name "\" bitsize=\"" bits "\" type=\"" type "\"/>"

static size_t numbered(char *text, size_t size, size_t at, const char *name, unsigned int n, const char *rest)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, size - at, "<reg name=\"%s%u%s/>\n", name, i, rest);
	return at;
}

static void description_make(char *text, size_t size, bool avx)
{
	static const char *const general[] = {
		"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13",
		"r14", "r15",
	};
	static const char *const control[] = { "fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop" };
	static const char *const segments[] = { "cs", "ss", "ds", "es", "fs", "gs" };
	size_t at = 0, i;

	at = text_add(text, size, at, "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>"
		      "<architecture>i386:x86-64</architecture><osabi>GNU/Linux</osabi>\n"
		      "<feature name=\"org.gnu.gdb.i386.core\">");
	for (i = 0; i < 16; i++)
		at += (size_t)snprintf(text + at, size - at, "<reg name=\"%s\" bitsize=\"64\" type=\"%s\"/>\n",
				       general[i], i == 6 || i == 7 ? "data_ptr" : "int64");
	at = text_add(text, size, at, REG("rip", "64", "code_ptr") REG("eflags", "32", "int32"));
	for (i = 0; i < 6; i++)
		at += (size_t)snprintf(text + at, size - at, "<reg name=\"%s\" bitsize=\"32\" type=\"int32\"/>\n",
				       segments[i]);
	at = numbered(text, size, at, "st", 8, "\" bitsize=\"80\" type=\"i387_ext\"");
	for (i = 0; i < 8; i++)
		at += (size_t)snprintf(text + at, size - at,
				       "<reg name=\"%s\" bitsize=\"32\" type=\"int\" group=\"float\"/>\n", control[i]);
	at = text_add(text, size, at, "</feature>\n<feature name=\"org.gnu.gdb.i386.sse\">"
		      "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>"
		      "<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>"
		      "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>"
		      "<vector id=\"v8i16\" type=\"int16\" count=\"8\"/>"
		      "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>"
		      "<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>"
		      "<union id=\"vec128\"><field name=\"v4_float\" type=\"v4f\"/>"
		      "<field name=\"v2_double\" type=\"v2d\"/>"
		      "<field name=\"v16_int8\" type=\"v16i8\"/><field name=\"v8_int16\" type=\"v8i16\"/>"
		      "<field name=\"v4_int32\" type=\"v4i32\"/><field name=\"v2_int64\" type=\"v2i64\"/>"
		      "<field name=\"uint128\" type=\"uint128\"/></union>");
	at = numbered(text, size, at, "xmm", 16, "\" bitsize=\"128\" type=\"vec128\"");
	at = text_add(text, size, at, "<reg name=\"mxcsr\" bitsize=\"32\" type=\"int\" group=\"vector\"/>\n</feature>\n"
		      "<feature name=\"org.gnu.gdb.i386.linux\">" REG("orig_rax", "64", "int") "</feature>\n"
		      "<feature name=\"org.gnu.gdb.i386.segments\">" REG("fs_base", "64", "int")
		      REG("gs_base", "64", "int")
		      "</feature>");
	if (avx) {
		at = text_add(text, size, at, "<feature name=\"org.gnu.gdb.i386.avx\">");
		at = numbered(text, size, at, "ymm", 16, "h\" bitsize=\"128\" type=\"uint128\"");
		at = text_add(text, size, at, "</feature>");
	}
	text_add(text, size, at, "</target>");
}

const char *gdbregs_description(bool avx)
{
	static char text[2][8192];

	if (!text[avx][0])
		description_make(text[avx], sizeof(text[avx]), avx);
	return text[avx];
}
