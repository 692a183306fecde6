#!/bin/bash
# SPDX-License-Identifier: MIT
# mpi.t - ranks of one job in machines of KVM: their messages go through files that each machine has as a slot of its
# memory. Breaks if a shared mapping is a copy, if a rank's end does not reach the launcher, or if one outlives it.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
rank=$ISLE_BUILD/tests/mpi/rank
if ! command -v mpirun.mpich > /dev/null || [ ! -x "$rank" ]; then
	echo "1..0 # SKIP the MPI program was not built: there is no MPICH (mpicc.mpich, mpirun.mpich)"
	exit 0
fi
export HERMIT_MEM=64M UCX_HANDLE_ERRORS=none
mpi() { timeout -s KILL 240 mpirun.mpich "$@"; }

expect 0 "all right" mpi -n 2 "$isle_run" "$rank" ring
expect 0 "all right" mpi -n 1 "$rank" ring : -n 1 "$isle_run" "$rank" ring
for how in "abort 7" crash; do
	# shellcheck disable=SC2086 # words
	mpi -n 2 "$rank" $how > /dev/null 2>&1 < /dev/null
	linux=$?
	# shellcheck disable=SC2086
	try mpi -n 2 "$isle_run" "$rank" $how
	holds "a rank that does '$how' ends the job as on Linux ($linux)" "$status" -eq "$linux"
done

# Without its launcher's process a rank would go on for ever.
: > "$temp/out"
timeout -s KILL 240 mpirun.mpich -n 2 "$isle_run" "$rank" wait > "$temp/out" 2> "$temp/err" < /dev/null &
for _ in $(seq 1200); do grep -q waiting "$temp/out" && break; sleep 0.1; done
proxy=$(pgrep -P "$(pgrep -P $! mpirun)" hydra_pmi)
ranks=$(pgrep -P "${proxy:-0}" -d ' ')
kill -KILL "$proxy"
wait $! 2> /dev/null
status=$? tried="kill -KILL of the launcher's process"
holds "a job whose launcher's process was killed ends" "$status" -eq 255
# mpirun ends when they have closed its socket, a moment before they are gone.
for _ in $(seq 100); do
	# shellcheck disable=SC2086 # numbers
	left=$(ps -o pid=,stat= -p ${ranks:-0} | awk '$2 !~ /^Z/')
	[ -n "$left" ] || break
	sleep 0.1
done
holds "and none of its two ranks is left" "$(echo "$ranks" | wc -w):$left" = "2:"
finish
