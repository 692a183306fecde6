/* SPDX-License-Identifier: MIT */
/*
 * inotify - inotify tells of files made, written, renamed and removed. Catches event records cut.
 */
#include "conform.h"
#include <sys/inotify.h>

int main(void)
{
	static const uint32_t want[] = { IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE };
	char buffer[4096] __attribute__((aligned(8))), *at;
	size_t n = 0, good = 0;
	ssize_t len;
	int fd, wd;

	enter_tempdir();
	fd = must(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
	wd = must(inotify_add_watch(fd, ".", IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVE | IN_DELETE));
	close(make_file("a", "x", 1));
	must(rename("a", "b"));
	must(unlink("b"));
	len = must(read(fd, buffer, sizeof(buffer)));
	for (at = buffer; at < buffer + len; n++) {
		struct inotify_event *e = (struct inotify_event *)(void *)at;

		good += n < COUNT(want) && e->mask == want[n] && !strcmp(e->name, n < 4 ? "a" : "b") && e->wd == wd;
		at += sizeof(*e) + e->len;
	}
	equal(n, COUNT(want), "events");
	equal(good, COUNT(want), "in order, by name");
	equal(inotify_rm_watch(fd, wd), 0, "removed");
	fails(inotify_rm_watch(fd, wd + 5), EINVAL, "no such watch");
	return done();
}
