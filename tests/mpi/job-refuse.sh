#!/bin/bash
# SPDX-License-Identifier: MIT
# job-refuse.sh [quick] - inside the machine: jobs that cannot be. One sentence of isle-run, the documented status, and
# nothing left.
# shellcheck source-path=SCRIPTDIR source=job-lib.sh disable=SC2154,SC2034
. "$(dirname "$0")/job-lib.sh"
cpus=$(nproc --all)

# alone COMMAND...: without mpirun.
alone()
{
	started "$@"
	ended
}

# The same sentence from each of two ranks, who do not meet.
both_refused()
{
	[ "$status" = "$1" ] && [ "$(sort -u "$dir/own-err" | grep -c '^isle-run: ')" = 1 ] &&
		grep -qF -- "$2" "$dir/own-err"
}

failed() { [ "$status" != hang ] && [ "$status" != 0 ]; }

# /dev/shm of 1 MiB, of which nothing is free.
shm_fill() { mount -o remount,size=1m /dev/shm && dd if=/dev/zero of=/dev/shm/full bs=64k 2>/dev/null; }
shm_empty()
{
	rm -f /dev/shm/full
	mount -o remount,size=50% /dev/shm
}

# until_true COMMAND...: at most a minute.
until_true()
{
	local try

	for try in $(seq 600); do
		! "$@" || break
		sleep 0.1
	done
}

has_isles() { [ "$(islectl list | grep -c ' running ')" -gt 0 ]; }

reserve "1-$((cpus - 1))" 200M@0,400M@1
job -n "$cpus" isle-run "$rank" hello
report "more ranks than cores" refused 125 "start at most $((cpus - 1)) ranks on this host"
job -n 1 "$rank" hello : -n 1 isle-run --mem 1G "$rank" hello
report "more memory than there is; the rank on Linux ends too" refused 125 "at most 0 such ranks fit, or 600 MiB a rank"
alone env OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 isle-run "$rank" hello
report "a rank of Open MPI" refused 125 "started by Open MPI, which isles do not know: build the program with MPICH"
job -n 2 env PMI_RANK=nine isle-run "$rank" hello
report "variables that no launcher set" both_refused 2 "PMI_RANK=nine is not a number"
alone env PMI_RANK=0 PMI_SIZE=2 PMI_FD=9 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=2 isle-run "$rank" hello
report "variables of a launcher that is gone" refused 125 "local rank 1 ended before it came"
shm_fill
job -n 2 isle-run --cpus 1 "$rank" hello
shm_empty
report "a full /dev/shm" both_refused 125 "cannot meet in /dev/shm/isle-0 (No space left on device)"
if long; then
	job -n 2 isle-run --mem 1G "$rank" hello
	report "more memory than there is for two" refused 125 "do not fit into the reserve"
	for where in "$rank" "isle-run --cpus 1 $rank"; do
		shm_fill
		# shellcheck disable=SC2086 # words
		XDG_RUNTIME_DIR=$dir job -n 2 $where hello
		shm_empty
		# MPICH forgets its file there, on Linux too.
		rm -f /dev/shm/mpich_shar_tmp*
		report "a full /dev/shm when ranks meet elsewhere: MPICH's own failure ends the job ($where)" failed
	done
	job -n 1 isle-run "$dir/none" : -n 1 isle-run "$rank" hello
	report "a program that is not there" refused 127 "$dir/none: No such file"
	job -n 1 false : -n 1 isle-run "$rank" hello
	report "a rank that never comes" refused 125 "ended before it came to meet the others"
	job -n 2 env HERMIT_CPUS=0 isle-run "$rank" hello
	report "a variable of ours that makes no sense" both_refused 2 "HERMIT_CPUS) takes a whole number"
	job -n 2 isle-run --mem 50% "$rank" hello
	report "a share of memory has no meaning in a job" both_refused 2 "a size for each rank"
	job -n 2 env -u MPI_LOCALRANKID -u MPI_LOCALNRANKS isle-run "$rank" hello
	report "variables that a wrapper took away" both_refused 2 "MPI_LOCALRANKID"
	job -n 1 isle-run "$rank" hello : -n 1 sh -c 'kill -KILL $PPID; sleep 3'
	report "a launcher that dies while ranks meet" ends 255
	mpirun.mpich -n 2 isle-run --cpus 1 "$rank" wait >"$dir/own-other" 2>&1 </dev/null & other=$!
	until_true grep -q waiting "$dir/own-other"
	job -n 2 isle-run --cpus 1 "$rank" hello
	kill -TERM $other
	wait $other
	report "a second job at once, for which one core is left" refused 125 "start at most 1 ranks on this host"
	isle-run --cpus all --idle & other=$!
	until_true has_isles
	job -n 2 isle-run "$rank" hello
	kill -TERM $other
	wait $other
	report "isles of somebody else in the way" refused 125 "the reserve has no free core"
fi
release
reserve "1-$((cpus - 1))" 200M@0,400M@1
release
machine_state >"$dir/own-before"
job -n 2 isle-run --isle multi "$rank" hello
report "no reserve" refused 125 "islectl reserve"
n=$((n + 1))
if [ "$(nproc)" = "$cpus" ]; then
	echo "ok $n - Linux has all of its CPUs"
else
	echo "not ok $n - Linux has $(nproc) of $cpus CPUs"
fi
jobs_end
