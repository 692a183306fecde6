// SPDX-License-Identifier: MIT
/*
 * administration - calls that change the machine or need privileges, and System V semaphores and messages: each bad
 * pointer is EFAULT before anything has changed. Catches a forwarded row whose pointers the proxy takes for its own.
 */
#include "pointers.h"

#include <linux/capability.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>

struct message {
	long type;
	char text[8];
};

static void queues(void)
{
	static struct message message = { 1, "message" };
	static struct sembuf up = { 0, 1, 0 };
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600), sems = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	int segment = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	const struct bad_call calls[] = {
		CALL(msgsnd, queue, BAD, 8, 0), CALL(msgctl, queue, IPC_STAT, BAD), CALL(msgctl, queue, IPC_SET, BAD),
		CALL(semop, sems, BAD, 1), CALL(semtimedop, sems, BAD, 1, 0),
		CALL(semtimedop, sems, (long)&up, 1, BAD), CALL(semctl, sems, 0, IPC_STAT, BAD),
		CALL(semctl, sems, 0, IPC_SET, BAD), CALL(semctl, sems, 0, GETALL, BAD),
		CALL(semctl, sems, 0, SETALL, BAD), CALL(shmctl, segment, IPC_STAT, BAD),
		CALL(shmctl, segment, IPC_SET, BAD),
	};
	struct msqid_ds state;

	check(queue >= 0 && sems >= 0 && segment >= 0, "made");
	try_calls(calls, COUNT(calls));
	must(msgsnd(queue, &message, sizeof(message.text), 0));
	must(msgctl(queue, IPC_STAT, &state));
	equal((long)state.msg_qnum, 1, "nothing was sent from nowhere");
	equal(semctl(sems, 0, GETVAL), 0, "nor counted");
	must(msgctl(queue, IPC_RMID, NULL));
	must(semctl(sems, 0, IPC_RMID));
	must(shmctl(segment, IPC_RMID, NULL));
}

int main(void)
{
	static struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	long here = (long)".", tmpfs = (long)"tmpfs";
	const struct bad_call calls[] = {
		CALL(mount, BAD, here, tmpfs, 0, 0), CALL(mount, tmpfs, BAD, tmpfs, 0, 0),
		CALL(mount, tmpfs, here, BAD, 0, 0), CALL(umount2, BAD, 0), CALL(swapon, BAD, 0), CALL(swapoff, BAD),
		CALL(pivot_root, BAD, here), CALL(pivot_root, here, BAD), CALL(chroot, BAD), CALL(acct, BAD),
		CALL(sethostname, BAD, 8), CALL(setdomainname, BAD, 8), CALL(setgroups, 1, BAD), CALL(capset, BAD, 0),
		CALL(capset, (long)&head, BAD), CALL(setrlimit, RLIMIT_CORE, BAD),
		CALL(clock_settime, CLOCK_REALTIME, BAD),
	};

	queues();
	if (geteuid() == 0)
		try_calls(calls, COUNT(calls));
	return done();
}
