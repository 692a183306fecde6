/* SPDX-License-Identifier: MIT */
/*
 * scm-rights - sendmsg and recvmsg pass descriptors with SCM_RIGHTS and the sender with SCM_CREDENTIALS,
 * over split buffers. Catches control messages that are not carried both ways.
 */
#include "conform.h"
#include <sys/socket.h>
#include <sys/uio.h>

int main(void)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	} control = { 0 };
	char one[3] = "ab", two[4] = "cde", buffer[16] = "";
	struct iovec iov[2] = { { one, 2 }, { two, 3 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2, .msg_control = &control };
	int fds[2], pipe_fds[2], sent[2], got[2] = { -1, -1 }, on = 1, creds = 0;
	struct cmsghdr *c = &control.h;
	struct ucred who;

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	must(setsockopt(fds[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	must(pipe(pipe_fds));
	sent[0] = pipe_fds[1];
	sent[1] = pipe_fds[0];
	msg.msg_controllen = CMSG_SPACE(sizeof(sent));
	*c = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(sent)) };
	memcpy(CMSG_DATA(c), sent, sizeof(sent));
	equal(sendmsg(fds[0], &msg, 0), 5, "sendmsg");
	memset(&control, 0, sizeof(control));
	msg.msg_controllen = sizeof(control);
	iov[0] = (struct iovec){ buffer, 4 };
	iov[1] = (struct iovec){ buffer + 8, 4 };
	equal(recvmsg(fds[1], &msg, MSG_CMSG_CLOEXEC), 5, "recvmsg");
	check(!memcmp(buffer, "abcd", 4) && buffer[8] == 'e', "data into two buffers");
	equal(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC), 0, "nothing cut");
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_type == SCM_RIGHTS)
			memcpy(got, CMSG_DATA(c), sizeof(got));
		if (c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&who, CMSG_DATA(c), sizeof(who));
			creds = who.pid == getpid() && who.uid == geteuid();
		}
	}
	check(creds, "credentials");
	check(got[0] > fds[1] && got[1] > got[0], "two new descriptors");
	equal(fcntl(got[0], F_GETFD), FD_CLOEXEC, "MSG_CMSG_CLOEXEC");
	must(write(got[0], "through", 7));
	equal(read(pipe_fds[0], buffer, 16), 7, "which are the same pipe");
	return done();
}
