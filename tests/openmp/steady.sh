#!/bin/bash
# SPDX-License-Identifier: MIT
# steady.sh - inside the machine: the counters of an isle on which LLVM's OpenMP library opens one region after the other,
# read twice while it does: with what isle-run sets by itself (places, waiting), and with settings of the user's. Catches:
# whatever makes a computing thread enter the isle kernel.
# shellcheck disable=SC2154 # dir and n are of inside.sh
# shellcheck source-path=SCRIPTDIR source=../lib/inside.sh
. "$(dirname "$0")/../lib/inside.sh"
unset "${!OMP_@}" "${!KMP_@}" GOMP_SPINCOUNT

# steady NAME SETTINGS...: one run, in this environment and no other.
steady() {
	local name=$1 program isle running status regions counter before after
	shift
	env "$@" isle-run "$ISLE_BUILD/tests/openmp/steady" 150 > "$dir/out" 2> "$dir/err" &
	program=$!
	for _ in $(seq 1200); do
		grep -q steady "$dir/out" && break
		kill -0 $program 2> /dev/null || break
		sleep 0.1
	done
	isle=$(islectl list | awk '$2 == "running" { print $1 }')
	# The line that says steady is a forwarded call, whose core may still be on its way out of it.
	sleep 2
	islectl stats --json "$isle" > "$dir/first"
	sleep 2
	islectl stats --json "$isle" > "$dir/second"
	running=$(islectl list | awk '$2 == "running"')
	kill -TERM $program
	wait $program
	status=$?
	regions=$(sed -nE 's/^2 threads, ([0-9]+) regions, 0 wrong$/\1/p' "$dir/out")
	sed 's/^/# /' "$dir/out" "$dir/err"
	result "$name: two threads, all sums right" [ "$status" = 0 -a "${regions:-0}" -gt 0 ]
	result "$name: it ran all the time" [ -n "$running" ]
	for counter in syscalls-local syscalls-forwarded syscalls-unknown interrupts page-faults exceptions switches \
		idle-entries; do
		before=$(value first $counter) after=$(value second $counter)
		echo "# $counter: ${before:-none}, later ${after:-none}"
		result "$name: no $counter while regions follow each other" [ -n "$before" -a "$before" = "$after" ]
	done
}

islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99
steady "isle-run's own settings"
steady "yield after spinning" KMP_USE_YIELD=2 OMP_WAIT_POLICY=active KMP_BLOCKTIME=infinite OMP_TOOL=disabled
echo "1..$n"
