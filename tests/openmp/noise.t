#!/bin/sh
# SPDX-License-Identifier: MIT
# noise.t - what the kernel did to a region is known on an isle, and told from imbalance: the source alone in QEMU, where
# libomp cannot share what it wants to share, and with the tool on bare cores.
# shellcheck disable=SC2154 # shared with tap.sh
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
if command -v qemu-system-x86_64 > /dev/null; then
	status=0
	HERMIT_ISLE=qemu HERMIT_CPUS=1 HERMIT_MEM=128M ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf \
		timeout -k 5 100 "$ISLE_BUILD/proxy/isle-run" "$ISLE_BUILD/tests/openmp/noise-source" \
		> "$tap_dir/source" 2>&1 || status=$?
	grep '^#' "$tap_dir/source"
	sed -n 's/^\(not \)\{0,1\}ok [0-9]* - \(.*\)/\1ok \2/p' "$tap_dir/source" > "$tap_dir/results"
	while read -r verdict rest; do
		case $verdict in not) result 'not ok' "qemu: ${rest#ok }" ;; *) result ok "qemu: $rest" ;; esac
	done < "$tap_dir/results"
	if [ "$status" = 0 ] && [ -s "$tap_dir/results" ]; then
		result ok 'qemu: ended well'
	else
		comment "$tap_dir/source"
		result 'not ok' "qemu: status $status"
	fi
else
	result ok 'qemu' 'SKIP qemu-system-x86_64 is not installed'
fi
# What starts programs in a machine lies with those of the module.
tap_here=$tap_here/../module
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'multi' '--cpus 4 --timeout 240' noise.sh
tap_end
