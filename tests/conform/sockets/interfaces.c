/* SPDX-License-Identifier: MIT */
/*
 * interfaces - the loopback interface is found by getifaddrs (netlink), SIOCGIFCONF and if_nametoindex;
 * numeric names resolve. UCX and MPI look for interfaces so.
 */
#include "conform.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(void)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM },
		*info = NULL;
	struct ifaddrs *list = NULL, *i;
	char room[4096], text[64] = "";
	struct ifconf conf = { .ifc_len = sizeof(room), .ifc_buf = room };
	struct ifreq request = { .ifr_name = "lo" };
	int lo = 0, fd = must(socket(AF_INET, SOCK_DGRAM, 0));

	equal(getifaddrs(&list), 0, "getifaddrs");
	for (i = list; i; i = i->ifa_next)
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_LOOPBACK))
			lo += ((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	freeifaddrs(list);
	equal(lo, 1, "the loopback address");
	check(if_nametoindex("lo") > 0, "if_nametoindex");
	equal(ioctl(fd, SIOCGIFCONF, &conf), 0, "SIOCGIFCONF");
	check(conf.ifc_len >= (int)sizeof(struct ifreq), "has entries");
	equal(ioctl(fd, SIOCGIFFLAGS, &request), 0, "SIOCGIFFLAGS");
	check(request.ifr_flags & IFF_LOOPBACK, "of the loopback");
	equal(getaddrinfo("127.0.0.1", "80", &hints, &info), 0, "getaddrinfo");
	equal(getnameinfo(info->ai_addr, info->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST), 0,
		"getnameinfo");
	check(!strcmp(text, "127.0.0.1"), "and back");
	return done();
}
