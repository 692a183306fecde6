#!/bin/bash
# SPDX-License-Identifier: MIT
# job-run.sh [quick] - inside the machine: jobs on isles, on Linux and on both at once do what they do on Linux.
# shellcheck source-path=SCRIPTDIR source=job-lib.sh disable=SC2154,SC2034
. "$(dirname "$0")/job-lib.sh"
reserve 1-3 200M@0,400M@1

# The lines of the last job's ranks, whichever spoke first.
same_lines() { [ "$status" = 0 ] && diff <(sort "$dir/own-$1") <(sort "$dir/own-linux-$1") >&2; }
same_streams() { same_lines out && same_lines err; }

# A window that Linux chose an address for may not fit the isle; MPICH then forgets the file of its first try.
mixed_job()
{
	job "$@"
	rm -f /dev/shm/mpich_shar_tmp*
}

# streams WORDS OF mpirun: a rank's three streams. Hydra gives up if standard input is more than a pipe holds, 64 KiB,
# and the rank has not begun to read.
streams()
{
	: >"$dir/own-out"
	env --default-signal=INT,QUIT mpirun.mpich "$@" <"$dir/own-typed" >"$dir/own-out" 2>"$dir/own-err" &
	pid=$!
	ended
}

two_at_once()
{
	local first

	mpirun.mpich -n 1 isle-run --cpus 1 "$rank" hello >"$dir/own-other" 2>&1 </dev/null &
	first=$!
	job -n 2 isle-run --cpus 1 "$rank" hello
	wait "$first" && grep -q 'rank 0 of 1' "$dir/own-other"
}

# Two isles of the same node, by name.
job -n 1 isle-run -c 2-2 -m 96M "$rank" check : -n 1 isle-run -c 3-3 -m 96M "$rank" check
report "two ranks on one node: messages, collectives, windows, files" says 0 "all right"
job -n 2 isle-run --cpus 1 "$rank" threads
report "MPI_THREAD_MULTIPLE" says 0 "all right"
mixed_job -n 1 "$rank" check : -n 2 isle-run --cpus 1 "$rank" check
report "rank 0 on Linux, two on isles" says 0 "all right"
job -n 2 isle-run "$solver" 24
report "MPI and OpenMP together, the answer checked" says 0 ": right"
seq 8000 >"$dir/own-typed"
streams -n 2 "$rank" streams
for stream in out err; do mv "$dir/own-$stream" "$dir/own-linux-$stream"; done
streams -n 2 isle-run --cpus 1 "$rank" streams
report "standard input, output and errors as on Linux" same_streams
both_well() { [ "$1" = 0 ] && says 0 "rank 1 of 2"; }

two_at_once
report "two jobs at once" both_well $?
if long; then
	job -n 3 isle-run --cpus 1 "$rank" check
	report "three isles on two nodes" says 0 "all right"
	mixed_job -n 1 isle-run --cpus 1 "$rank" check : -n 1 "$rank" check
	report "rank 0 on an isle, rank 1 on Linux" says 0 "all right"
	job -n 1 isle-run --cpus 1 "$rank" threads : -n 1 "$rank" threads
	report "MPI_THREAD_MULTIPLE between an isle and Linux" says 0 "all right"
	job -n 2 env OMP_NUM_THREADS=1 isle-run --cpus 1 "$solver" 24
	report "the user's OMP_NUM_THREADS stays" says 0 "1 thread on CPU"
	job -n 1 "$solver" 24 : -n 1 isle-run "$solver" 24
	report "MPI and OpenMP together, half of it on Linux" says 0 ": right"
	job -n 2 sh -c "isle-run --cpus 1 $rank hello; isle-run --cpus 1 true"
	report "two programs one after the other in a script" says 0 "rank 1 of 2"
	job -n 2 isle-run --dry-run --json "$rank"
	report "the plan of the job as JSON" says 0 '"rank": 1'
	job -n 1 "$rank" hello : -n 2 isle-run --cpus 1 --dry-run "$rank" hello
	report "the plan names the ranks that are on isles" says 0 "   2      1     1"
	release
	reserve 1,3 200M@0,200M@1
	for pair in "0,2 1 3" "2,0 3 1"; do
		# shellcheck disable=SC2086 # three words
		set -- $pair
		job -bind-to "user:$1" -n 2 isle-run --cpus 1 --dry-run "$rank"
		report "-bind-to user:$1: isles on the nodes of these CPUs" placed "$2" "$3"
	done
	job -bind-to numa -n 2 isle-run --cpus 1 "$rank" hello
	report "-bind-to numa runs" says 0 "rank 1 of 2"
	job -map-by socket -bind-to socket -n 2 isle-run --cpus 1 --dry-run "$rank"
	report "-map-by socket: a socket each" placed 1 3
fi
jobs_end
