/* SPDX-License-Identifier: MIT */
/*
 * sysv-others - System V semaphores and messages and POSIX message queues work within a program, or are not
 * there. Catches structs of another layout.
 */
#include "conform.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

int main(void)
{
	struct { long type; char text[16]; } m = { 3, "message" };
	struct sembuf up = { 0, 2, 0 }, down = { 0, -1, IPC_NOWAIT };
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 32 };
	char name[64], buffer[32] = "";
	unsigned int prio = 0;
	int id, i;
	mqd_t q;

	id = semget(IPC_PRIVATE, 1, 0600);
	if (id < 0 && errno == ENOSYS)
		skip("this kernel has no System V semaphores");
	must(id);
	must(semop(id, &up, 1));
	for (i = 0; semop(id, &down, 1) == 0; i++)
		;
	check(i == 2 && errno == EAGAIN, "semaphore");
	must(semctl(id, 0, IPC_RMID));
	id = must(msgget(IPC_PRIVATE, 0600));
	must(msgsnd(id, &m, sizeof(m.text), 0));
	memset(&m, 0, sizeof(m));
	equal(msgrcv(id, &m, sizeof(m.text), 0, IPC_NOWAIT), sizeof(m.text), "message");
	check(m.type == 3 && !strcmp(m.text, "message"), "its type and text");
	fails(msgrcv(id, &m, sizeof(m.text), 0, IPC_NOWAIT), ENOMSG, "no message");
	must(msgctl(id, IPC_RMID, NULL));
	snprintf(name, sizeof(name), "/conform-%d", getpid());
	q = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (q == (mqd_t)-1)
		skip("there are no POSIX message queues");
	must(mq_send(q, "low", 4, 1));
	must(mq_send(q, "high", 5, 9));
	equal(mq_receive(q, buffer, 32, &prio), 5, "queue");
	check(!strcmp(buffer, "high") && prio == 9, "the most urgent first");
	must(mq_unlink(name));
	return done();
}
