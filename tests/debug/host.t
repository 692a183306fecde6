#!/bin/bash
# SPDX-License-Identifier: MIT
# host.t - gdb and core files with a program in QEMU and in the KVM monitor, on this machine.
# shellcheck disable=SC2154 # shared with hosts.sh
# shellcheck source-path=SCRIPTDIR source=../lib/hosts.sh
. "${srcdir:-$(dirname "$0")}/../lib/hosts.sh"
export DEBUG_BIN=$ISLE_BUILD/tests/debug
if command -v gdb > /dev/null; then
	on_hosts 600 "$hosts_here/sessions.sh"
else
	hosts_skip "gdb" "gdb is not installed"
fi
hosts_end
