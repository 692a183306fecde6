#!/bin/sh
# SPDX-License-Identifier: MIT
# hackbench.sh [COMMAND...] - eighty threads pass messages through sockets, then pipes (rt-tests).
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need hackbench
"$@" hackbench -T -g 2 -l 50 > "$work/sockets" 2>&1
ok "sockets end with 0" [ $? -eq 0 ]
ok "sockets tell a time" says "$work/sockets" '^Time: [0-9.]+$'
"$@" hackbench -T -p -g 2 -l 50 > "$work/pipes" 2>&1
ok "pipes end with 0" [ $? -eq 0 ]
ok "pipes tell a time" says "$work/pipes" '^Time: [0-9.]+$'
finish
