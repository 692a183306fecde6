/* SPDX-License-Identifier: MIT */
/*
 * modes - chmod, fchmod, umask and chown to oneself. Catches a umask kept on the wrong side.
 */
#include "conform.h"

static int mode(const char *name)
{
	struct stat st;

	must(stat(name, &st));
	return st.st_mode & 07777;
}

int main(void)
{
	int fd;

	enter_tempdir();
	umask(027);
	equal(umask(027), 027, "umask returns the old one");
	fd = must(open("f", O_CREAT | O_RDWR, 0666));
	equal(mode("f"), 0640, "applied to a file");
	must(mkdir("d", 0777));
	equal(mode("d"), 0750, "applied to a directory");
	must(chmod("f", 0604));
	equal(mode("f"), 0604, "chmod");
	must(fchmod(fd, 04711));
	equal(mode("f"), 04711, "fchmod");
	must(fchmodat(AT_FDCWD, "f", 0600, 0));
	equal(mode("f"), 0600, "fchmodat");
	equal(chown("f", getuid(), getgid()), 0, "chown");
	equal(fchown(fd, (uid_t)-1, (gid_t)-1), 0, "fchown");
	equal(lchown("f", (uid_t)-1, getgid()), 0, "lchown");
	fails(chmod("none", 0600), ENOENT, "no file");
	return done();
}
