/* SPDX-License-Identifier: MIT */
/*
 * raw-clone3 - clone3 makes a thread with stack, TLS and tid words, or is ENOSYS and leaves the C library
 * to clone; bad arguments are refused. Catches a clone3 that knows only what glibc asks.
 */
#include "conform.h"
#include <linux/futex.h>
#include <linux/sched.h>

static _Atomic int child_tid, ran;

__attribute__((noinline)) static long spawn_bare(struct clone_args *args)
{
	long ret;

	__asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\t"
			 "movl $1, %3\n\tmov $60, %%eax\n\txor %%edi, %%edi\n\tsyscall\n1:"
			 : "=a"(ret) : "0"((long)SYS_clone3), "D"(args), "m"(ran), "S"(sizeof(*args))
			 : "rcx", "r11", "memory");
	return ret;
}

int main(void)
{
	struct clone_args args = { 0 };
	pid_t tid = 0;
	int value;
	long ret;

	args.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		     CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
	args.stack = (uintptr_t)anon(64 * 1024);
	args.stack_size = 64 * 1024;
	args.parent_tid = (uintptr_t)&tid;
	args.child_tid = (uintptr_t)&child_tid;
	child_tid = -1;
	ret = spawn_bare(&args);
	if (ret == -ENOSYS)
		skip("there is no clone3");
	check(ret > 0 && tid == ret, "a new tid, in the parent's word");
	while ((value = child_tid) != 0)
		syscall(SYS_futex, &child_tid, FUTEX_WAIT, value, NULL, NULL, 0);
	equal(ran, 1, "the thread ran and its word was cleared");
	fails(syscall(SYS_clone3, &args, 8ul), EINVAL, "too small a struct");
	args.flags |= 1ull << 60;
	fails(syscall(SYS_clone3, &args, sizeof(args)), EINVAL, "unknown flag");
	fails(syscall(SYS_clone3, 8ul, sizeof(args)), EFAULT, "nowhere");
	return done();
}
