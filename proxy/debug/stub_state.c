// SPDX-License-Identifier: MIT
/*
 * stub_state.c - the commands that read and write registers and memory.
 */
#include "stub.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

uint32_t stub_thread(const struct stub *stub)
{
	return stub->thread ? stub->thread : stub->stop.tid;
}

int stub_regs_read(struct stub *stub, struct gdbregs *r)
{
	int n = target_regs(stub->target, stub_thread(stub), &r->regs);

	if (n == 0)
		n = target_fpu(stub->target, stub_thread(stub), r->fpu);
	if (n < 0)
		return n;
	r->fpu_size = (uint32_t)n;
	stub->avx = gdbregs_avx(r);
	return 0;
}

static int regs_write(struct stub *stub, const struct gdbregs *r)
{
	int err = target_regs_set(stub->target, stub_thread(stub), &r->regs);

	return err ? err : target_fpu_set(stub->target, stub_thread(stub), r->fpu, r->fpu_size);
}

/* g, p: all registers, or number which. */
void stub_regs_answer(struct stub *stub, int which)
{
	uint8_t all[GDBREGS_SIZE];
	size_t at = 0, size;
	struct gdbregs r;
	int err = stub_regs_read(stub, &r);

	if (err) {
		stub_answer_err(stub, err);
		return;
	}
	size = gdbregs_pack(&r, stub->avx, all);
	if (which >= 0 && !gdbregs_place((unsigned int)which, stub->avx, &at, &size)) {
		stub_answer(stub, "E01");
		return;
	}
	rsp_begin(&stub->rsp);
	rsp_hex(&stub->rsp, all + at, size);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

/* G, P: the same, written. */
void stub_regs_take(struct stub *stub, int which, const char *hex)
{
	uint8_t all[GDBREGS_SIZE];
	size_t at = 0, size;
	struct gdbregs r;
	int err = stub_regs_read(stub, &r);

	if (!err) {
		size = gdbregs_pack(&r, stub->avx, all);
		if (which >= 0 && !gdbregs_place((unsigned int)which, stub->avx, &at, &size))
			err = -EINVAL;
		else
			rsp_unhex(hex, all + at, size);
	}
	if (!err) {
		gdbregs_unpack(&r, stub->avx, all, which >= 0 ? at + size : size);
		err = regs_write(stub, &r);
	}
	stub_answer_err(stub, err);
}

void stub_memory_answer(struct stub *stub)
{
	unsigned long long addr = 0;
	uint8_t bytes[ISLE_DEBUG_DATA];
	unsigned int len = 0;
	int n;

	sscanf(stub->in, "m%llx,%x", &addr, &len);
	n = target_read(stub->target, addr, bytes, len, false);
	if (n < 0) {
		stub_answer_err(stub, n);
		return;
	}
	rsp_begin(&stub->rsp);
	rsp_hex(&stub->rsp, bytes, (size_t)n);
	if (rsp_send(&stub->rsp))
		stub->gone = true;
}

/* M: hex; X: binary. */
void stub_memory_take(struct stub *stub, size_t len)
{
	char *data = memchr(stub->in, ':', len);
	uint8_t bytes[RSP_SIZE];
	unsigned long long addr = 0;
	unsigned int n = 0;
	size_t got;

	if (!data || sscanf(stub->in + 1, "%llx,%x", &addr, &n) != 2 || n > sizeof(bytes)) {
		stub_answer(stub, "E16");
		return;
	}
	data++;
	if (stub->in[0] == 'X') {
		got = rsp_unescape(data, len - (size_t)(data - stub->in));
		memcpy(bytes, data, got < n ? got : n);
	} else {
		got = rsp_unhex(data, bytes, n);
	}
	stub_answer_err(stub, got < n ? -EINVAL : target_write(stub->target, addr, bytes, n));
}
