// SPDX-License-Identifier: MIT
/*
 * confine.c - what the monitor gives up when its machine is made (seccomp; Linux, Documentation/userspace-api).
 *
 * This process makes the program's calls, so files and sockets must stay what the user may touch; Landlock, which can
 * only list what remains allowed, has nothing to add. Given up is what neither needs any more: making or changing
 * machines (an isle that talked the monitor into it would choose its own memory), looking into other processes by
 * ptrace, and replacing parts of the host's kernel. The filter goes with the threads and with children of the
 * program, and gives up set-user-id programs for them, which Linux asks of users in return.
 */
#include "uhyve.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Calls that fail with EPERM. */
static const uint32_t denied[] = {
	SYS_ptrace, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load,
};

/* KVM's commands that a running machine needs: of CPUs, of its memory, for the description of a CPU that failed. */
static const uint32_t commands[] = {
	KVM_RUN, KVM_SIGNAL_MSI, KVM_SET_USER_MEMORY_REGION, KVM_GET_REGS, KVM_GET_SREGS, KVM_GET_STATS_FD,
};

#define NR_DENIED    (sizeof(denied) / sizeof(denied[0]))
#define NR_COMMANDS  (sizeof(commands) / sizeof(commands[0]))
#define PROGRAM_MAX  (16 + NR_DENIED + NR_COMMANDS)

#define LOAD(field)        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value)      BPF_STMT(BPF_RET | BPF_K, value)
#define IF(what, yes, no)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what, yes, no)

/* Jumps count the lines in between. Returns the number of lines. */
static unsigned short filter_make(struct sock_filter *f)
{
	unsigned short n = 0;
	uint32_t i;

	f[n++] = (struct sock_filter)LOAD(arch);
	f[n++] = (struct sock_filter)IF(AUDIT_ARCH_X86_64, 1, 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | ENOSYS);
	f[n++] = (struct sock_filter)LOAD(nr);
	f[n++] = (struct sock_filter)IF(SYS_ioctl, NR_DENIED + 2, 0);
	for (i = 0; i < NR_DENIED; i++)
		f[n++] = (struct sock_filter)IF(denied[i], (uint8_t)(NR_DENIED - i), 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
	/* The second byte of a command is its kind. */
	f[n++] = (struct sock_filter)LOAD(args[1]);
	f[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00);
	f[n++] = (struct sock_filter)IF(KVMIO << 8, 1, 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	f[n++] = (struct sock_filter)LOAD(args[1]);
	for (i = 0; i < NR_COMMANDS; i++)
		f[n++] = (struct sock_filter)IF(commands[i], (uint8_t)(NR_COMMANDS - i), 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return n;
}

int confine(struct why *why)
{
	const char *wish = getenv("HERMIT_CONFINE");
	struct sock_filter filter[PROGRAM_MAX];
	struct sock_fprog program = { .filter = filter };
	long err;

	if (wish && !strcmp(wish, "0"))
		return 0;
	program.len = filter_make(filter);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return why_say(why, -errno, "the monitor cannot confine itself: %s (HERMIT_CONFINE=0 lets it be)",
			       strerror(errno));
	/* All threads; without the slow-down that guards against speculation of the filter itself. */
	err = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		      SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
	if (err == 0)
		return 0;
	return why_say(why, err < 0 ? -errno : -EBUSY, "the monitor cannot confine itself: %s (HERMIT_CONFINE=0 "
		       "lets it be)", err < 0 ? strerror(errno) : "a thread has a filter of its own");
}
