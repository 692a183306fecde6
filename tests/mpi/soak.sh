#!/bin/bash
# SPDX-License-Identifier: MIT
# soak.sh JOBS SEED - inside the machine: random jobs in a row: ranks on isles and on Linux, threads, ends of all kinds,
# kills. Each must end as its kind does, and leave no isle, process or file. One result for all of them.
jobs=${1:-8}
RANDOM=${2:-1}
rank=$ISLE_BUILD/tests/mpi/rank
dir=$(mktemp -d) || exit 99
export TMPDIR=$dir
trap 'rm -rf "$dir"; islectl release >/dev/null 2>&1' EXIT

[ -x "$rank" ] || { echo "1..0 # SKIP the MPI programs were not built: there was no mpicc.mpich"; exit 0; }
islectl reserve --cpus 1-3 --mem "200M@0,400M@1" >/dev/null || exit 99
rm -rf /dev/shm/*

# One part of the command line: ranks of one kind.
ranks_of() # NUMBER COMMAND...
{
	local number=$1
	shift
	case $((RANDOM % 4)) in
	0) echo "-n $number $rank $*" ;;
	1) echo "-n $number isle-run --cpus 1 --mem 64M $rank $*" ;;
	*) echo "-n $number isle-run --cpus 1 $rank $*" ;;
	esac
}

left()
{
	local what

	for _ in $(seq 50); do
		what=$(pgrep -a '^(isle-run|hydra_pmi|mpi(exec|run)|rank$)'; find /dev/shm -mindepth 1 ! -name 'mpich_shar_tmp*')
		[ -n "$what" ] || what=$(islectl list | awk '$2 ~ /running|starting|stopping/')
		[ -n "$what" ] || { rm -rf /dev/shm/*; return 0; }
		sleep 0.2
	done
	echo "left: ${what//$'\n'/; }"
	rm -rf /dev/shm/*
}

# The status that a kind of end has; empty: any but 0.
wanted()
{
	case $1 in
	hello | check | threads) echo 0 ;;
	abort) echo 7 ;;
	*) echo ;;
	esac
}

kill_something()
{
	local victim

	for _ in $(seq 600); do
		grep -q waiting "$dir/out" && break
		sleep 0.1
	done
	case $((RANDOM % 4)) in
	0) victim=$1 ;;
	1) victim=$(pgrep -n hydra_pmi) ;;
	*) victim=$(pgrep "$([ $((RANDOM % 2)) = 0 ] && echo isle-run || echo '^rank$')" | head -n 1) ;;
	esac
	kill "-$(shuf -n 1 -e INT TERM KILL KILL KILL --random-source=<(yes "$RANDOM"))" "${victim:-$1}" 2>/dev/null
	sleep 2
	# What the victim survived or did not take along.
	kill -KILL "$1" 2>/dev/null
}

failed=0
for job in $(seq "$jobs"); do
	what=$(shuf -n 1 -e hello hello check threads "abort 7" "exit 3" crash wait wait --random-source=<(yes "$RANDOM"))
	first=$((1 + RANDOM % 2))
	# shellcheck disable=SC2086 # words
	line="$(ranks_of $first $what) : $(ranks_of 1 $what)"
	# shellcheck disable=SC2086
	timeout -k 5 600 mpirun.mpich $line >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	[ "$what" != wait ] || kill_something "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	want=$(wanted $what)
	trouble=$(left)
	if [ -n "$trouble" ] || [ "$status" = 124 ] || { [ -n "$want" ] && [ "$status" != "$want" ]; } ||
		{ [ -z "$want" ] && [ "$status" = 0 ]; }; then
		failed=$((failed + 1))
		echo "# job $job: mpirun $line: status $status, wanted ${want:-another than 0}"
		sed 's/^/# out: /' "$dir/out" | head -n 5
		sed 's/^/# err: /' "$dir/err" | head -n 5
		[ -z "$trouble" ] || echo "# $trouble"
	fi
done
islectl release >"$dir/release" 2>&1 || { failed=$((failed + 1)); sed 's/^/# /' "$dir/release"; }
if [ "$failed" = 0 ]; then
	echo "ok 1 - $jobs random jobs end as they should and leave nothing behind"
else
	echo "not ok 1 - $failed of $jobs random jobs went wrong"
fi
echo 1..1
