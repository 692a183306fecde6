/* SPDX-License-Identifier: MIT */
/*
 * sysv-shm - System V shared memory: get, attach twice and at a fixed place, share with a child, remove
 * while attached, errors. UCX's default transport.
 */
#include "conform.h"
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
	struct shmid_ds ds;
	char *a, *b, *c, text[16];
	int id;

	if (argc > 1) {
		a = must((char *)shmat(atoi(argv[1]), NULL, 0));
		return strcmp(a, "parent") ? 1 : (strcpy(a + PAGE, "child"), 0);
	}
	id = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600);
	if (id < 0 && errno == ENOSYS)
		skip("this kernel has no System V shared memory");
	a = must((char *)shmat(id, NULL, 0));
	b = must((char *)shmat(id, NULL, SHM_RDONLY));
	strcpy(a, "parent");
	check(!strcmp(b, "parent"), "attached twice");
	check(caught(touch_write, b).code == SEGV_ACCERR, "once read-only");
	c = anon(3 * PAGE);
	check(shmat(id, c, SHM_REMAP) == c && !strcmp(c, "parent"), "at a fixed place");
	snprintf(text, sizeof(text), "%d", id);
	equal(wait_for(spawn_self(text)), 0, "child");
	check(!strcmp(a + PAGE, "child"), "its text");
	must(shmctl(id, IPC_STAT, &ds));
	check(ds.shm_segsz == 3 * PAGE && ds.shm_nattch == 3 && ds.shm_cpid == getpid(), "IPC_STAT");
	must(shmctl(id, IPC_RMID, NULL));
	equal(a[0], 'p', "alive while attached");
	equal(shmdt(b), 0, "detach");
	fails(shmdt(b), EINVAL, "twice");
	check(caught(touch_read, b).code == SEGV_MAPERR, "gone");
	must(shmdt(a));
	must(shmdt(c));
	fails(shmat(id, NULL, 0), EINVAL, "removed");
	fails(shmget(IPC_PRIVATE, 0, IPC_CREAT | 0600), EINVAL, "no size");
	return done();
}
