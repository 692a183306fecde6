#!/bin/bash
# SPDX-License-Identifier: MIT
# host.t - the tests of this folder in QEMU and in KVM, on this machine.
# shellcheck disable=SC2154 # shared with hosts.sh
# shellcheck source-path=SCRIPTDIR source=../lib/hosts.sh
. "${srcdir:-$(dirname "$0")}/../lib/hosts.sh"
export HERMIT_CPUS=2 HERMIT_MEM=128M
for script in badprograms.sh watch.sh; do
	on_hosts 300 "$hosts_here/$script"
done
hosts_end
