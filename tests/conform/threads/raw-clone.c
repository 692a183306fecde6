/* SPDX-License-Identifier: MIT */
/*
 * raw-clone - a bare clone writes the parent's tid word, sets TLS and the stack, and at its exit clears the
 * child's tid word and wakes it. Catches the contract every threading library builds on.
 */
#include "conform.h"
#include <linux/futex.h>

static _Atomic pid_t parent_tid, child_tid = -1;
static _Atomic int seen;

static int body(void *arg)
{
	seen = (int)syscall(SYS_gettid) == child_tid ? (int)(uintptr_t)arg : -1;
	syscall(SYS_exit, 0);
	return 0;
}

int main(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		    CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
	char *stack = anon(64 * 1024);
	pid_t tid, value;

	tid = must(clone(body, stack + 64 * 1024, flags, (void *)5, &parent_tid, NULL, &child_tid));
	equal(parent_tid == tid, 1, "parent's word");
	while ((value = child_tid) != 0)
		syscall(SYS_futex, &child_tid, FUTEX_WAIT, value, NULL, NULL, 0);
	equal(seen, 5, "argument, and child's word is its tid");
	equal(child_tid, 0, "cleared at exit, with a wake");
	fails(clone(body, stack + 64 * 1024, CLONE_THREAD, NULL), EINVAL, "a thread without shared memory");
	return done();
}
