/* SPDX-License-Identifier: MIT */
/*
 * shm-open - shm_open, its size, sharing by name, and its end. Catches names looked up in the wrong place.
 */
#include "conform.h"

int main(void)
{
	char name[64], *a, *b;
	struct stat st;
	int fd, fd2;

	snprintf(name, sizeof(name), "/conform-%d", getpid());
	fd = must(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	fails(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST, "again");
	must(ftruncate(fd, 2 * PAGE));
	fd2 = must(shm_open(name, O_RDWR, 0));
	must(fstat(fd2, &st));
	equal(st.st_size, 2 * PAGE, "size");
	a = must(mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	b = must(mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd2, 0));
	a[PAGE] = 's';
	equal(b[PAGE], 's', "shared");
	must(shm_unlink(name));
	fails(shm_open(name, O_RDWR, 0), ENOENT, "unlinked");
	equal(b[PAGE], 's', "still mapped");
	return done();
}
