#!/bin/bash
# SPDX-License-Identifier: MIT
# phases.sh - inside the machine: two ranks on two isles go through the phases of phases.c; the isles' counters are read
# at the beginning and the end of a second of each. Prints PHASE ISLE COUNTER DIFFERENCE, a line each, and for the phase
# init what MPI_Init made. Status 0: the job ended well.
#
#   phases.sh CPUS-OF-RANK-0 CPUS-OF-RANK-1
program=$ISLE_BUILD/bench/mpi/phases
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

truncate -s 4096 "$dir/control"
timeout -k 5 500 mpirun.mpich -n 1 isle-run -c "$1" "$program" "$dir/control" : \
	-n 1 isle-run -c "$2" "$program" "$dir/control" >"$dir/out" 2>&1 </dev/null &
job=$!

# The script's byte and the ranks'.
want() { printf '%b' "\\x$(printf %x "$1")" | dd of="$dir/control" conv=notrunc status=none; }
all_at() { [ "$(od -An -tu1 -j1 -N2 "$dir/control" | tr -s ' ')" = " $1 $1" ]; }
reach()
{
	until all_at "$1"; do
		if ! kill -0 $job 2>/dev/null; then
			echo "phases.sh: the job ended before phase $1" >&2
			cat "$dir/out" >&2
			exit 1
		fi
		sleep 0.1
	done
}

# "isle counter value" of all isles that run.
counters()
{
	local isle

	for isle in $(islectl list | awk '$2 == "running" { print $1 }' | sort -n); do
		islectl stats "$isle" | awk -v i="$isle" '/^[a-z]/ && $2 ~ /^[0-9]+$/ { print i, $1, $2 }'
	done
}

# difference PHASE: what the counters moved from the one reading to the other.
difference()
{
	awk -v phase="$1" 'NR == FNR { was[$1 " " $2] = $3; next } { print phase, $1, $2, $3 - was[$1 " " $2] }' \
		"$dir/before" "$dir/after"
}

"$program" --list >"$dir/list"
while read -r number name; do
	case $name in
	start)
		reach "$number"
		sleep 0.5
		counters >"$dir/before" ;;
	init)
		want "$number"
		reach "$number"
		sleep 0.5
		counters >"$dir/after"
		difference init ;;
	*)
		want "$number"
		reach "$number"
		# Who said so may still be on its way out of the round before.
		sleep 0.5
		counters >"$dir/before"
		sleep 1
		counters >"$dir/after"
		difference "$name" ;;
	esac
done <"$dir/list"
want "$(awk 'END { print $1 + 1 }' "$dir/list")"
wait $job
status=$?
sed -n 's/^\([a-z].*\): \([0-9]*\) rounds$/\1 - rounds \2/p' "$dir/out"
[ $status = 0 ] || cat "$dir/out" >&2
exit $status
