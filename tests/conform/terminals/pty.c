/* SPDX-License-Identifier: MIT */
/*
 * pty - a pseudo terminal echoes, edits lines in canonical mode, passes bytes in raw mode, and carries a
 * window size. Catches ioctls whose structs are not copied.
 */
#include "conform.h"
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
	struct winsize w = { 24, 80, 0, 0 }, got = { 0, 0, 0, 0 };
	char buffer[64] = "", name[64] = "";
	struct termios t;
	int master, slave;

	equal(openpty(&master, &slave, name, NULL, &w), 0, "openpty");
	check(!strncmp(name, "/dev/pts/", 9), "its name");
	check(isatty(master) && isatty(slave), "isatty");
	must(ioctl(slave, TIOCGWINSZ, &got));
	equal(got.ws_row * 1000 + got.ws_col, 24080, "window size");
	got.ws_row = 50;
	must(ioctl(master, TIOCSWINSZ, &got));
	must(ioctl(slave, TIOCGWINSZ, &got));
	equal(got.ws_row, 50, "changed from the other side");
	must(write(master, "abx\177c\n", 6));
	equal(read(slave, buffer, 64), 4, "a line");
	check(!memcmp(buffer, "abc\n", 4), "edited");
	equal(read(master, buffer, 64) > 4, 1, "its echo");
	check(!memcmp(buffer, "abx", 3), "the echo's text");
	must(tcgetattr(slave, &t));
	check((t.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO), "tcgetattr");
	cfmakeraw(&t);
	must(tcsetattr(slave, TCSANOW, &t));
	must(write(master, "q", 1));
	equal(read(slave, buffer, 64), 1, "raw: a byte");
	must(write(slave, "x\n", 2));
	equal(read(master, buffer, 64), 2, "raw: unchanged output");
	check(ttyname_r(slave, buffer, sizeof(buffer)) == 0 && !strcmp(buffer, name), "ttyname");
	must(close(slave));
	fails(read(master, buffer, 64), EIO, "the other side is closed");
	return done();
}
