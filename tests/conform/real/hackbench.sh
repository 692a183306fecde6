#!/bin/sh
# SPDX-License-Identifier: MIT
# hackbench.sh [COMMAND...] - forty threads pass messages through sockets, then pipes (rt-tests).
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need hackbench
for how in sockets pipes; do
	pipe=''
	[ $how = sockets ] || pipe=-p
	# shellcheck disable=SC2086 # may be nothing
	"$@" hackbench -T $pipe -g 1 -l 20 > "$work/out" 2>&1
	ended $? "$work/out"
	sed 's/^Time: [0-9.]*$/Time: some/' "$work/out"
	ok "$how: tells a time" says "$work/out" '^Time: [0-9]+\.[0-9]+$'
done
finish
