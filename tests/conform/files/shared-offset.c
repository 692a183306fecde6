/* SPDX-License-Identifier: MIT */
/*
 * shared-offset - four threads write numbered records to one descriptor; none is lost or torn. Catches an
 * offset that is not updated atomically.
 */
#include "conform.h"

static int fd;

static void *work(void *arg)
{
	char record[16];
	int i;

	for (i = 0; i < 250; i++) {
		memset(record, 'A' + (int)(uintptr_t)arg, 16);
		if (write(fd, record, 16) != 16)
			return arg;
	}
	return NULL;
}

int main(void)
{
	int n[4] = { 0 }, torn = 0, i;
	char record[16];
	pthread_t t[4];

	enter_tempdir();
	fd = make_file("f", "", 0);
	for (i = 0; i < 4; i++)
		t[i] = thread(work, (void *)(uintptr_t)i);
	for (i = 0; i < 4; i++)
		join(t[i]);
	must(lseek(fd, 0, SEEK_SET));
	while (read(fd, record, 16) == 16) {
		n[record[0] - 'A']++;
		for (i = 1; i < 16; i++)
			torn += record[i] != record[0];
	}
	for (i = 0; i < 4; i++)
		equal(n[i], 250, "records of thread %d", i);
	equal(torn, 0, "whole records");
	return done();
}
