/* SPDX-License-Identifier: MIT */
/*
 * xattr - extended attributes can be set, listed, read and removed, or are refused by the file system. Catches
 * lengths mixed up.
 */
#include "conform.h"
#include <sys/xattr.h>

int main(void)
{
	char buffer[64] = "";

	enter_tempdir();
	close(make_file("f", "x", 1));
	if (setxattr("f", "user.test", "value", 5, 0) < 0 && errno == EOPNOTSUPP)
		skip("the file system has no user attributes");
	equal(getxattr("f", "user.test", buffer, 64), 5, "get");
	check(!memcmp(buffer, "value", 5), "its value");
	equal(getxattr("f", "user.test", NULL, 0), 5, "its length");
	fails(getxattr("f", "user.test", buffer, 2), ERANGE, "too little room");
	check(listxattr("f", buffer, 64) >= 10, "list");
	equal(removexattr("f", "user.test"), 0, "remove");
	fails(getxattr("f", "user.test", buffer, 64), ENODATA, "gone");
	return done();
}
