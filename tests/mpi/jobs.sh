#!/bin/bash
# SPDX-License-Identifier: MIT
# jobs.sh [PART] - inside the machine: MPI jobs on isles under Debian's mpirun. Each property is one result; after
# each, nothing may be left: no isle that runs, no process, no file in /dev/shm. Parts: run, steady, end, refuse.
part=${1:-all}
rank=$ISLE_BUILD/tests/mpi/rank
solver=$ISLE_BUILD/bench/solver/solver
dir=$(mktemp -d) || exit 99
export TMPDIR=$dir
n=0
trap 'rm -rf "$dir"; islectl release >"$dir.release" 2>&1; rm -f "$dir.release"' EXIT

# What the job before left, after the time that the launcher's own end takes; empty: nothing.
left()
{
	local what

	for _ in $(seq 25); do
		what=$(pgrep -a '^(isle-run|hydra_pmi|mpi(exec|run)|rank$|solver$)'; ls /dev/shm)
		[ -n "$what" ] || what=$(islectl list | awk '$2 ~ /running|starting|stopping/')
		[ -n "$what" ] || return 0
		sleep 0.2
	done
	echo "left: ${what//$'\n'/; }"
	rm -rf /dev/shm/*
}

# report NAME CONDITION... : prints the result; what the job said is in $dir/out and $dir/err.
report()
{
	local name=$1 trouble
	shift
	n=$((n + 1))
	trouble=$(left)
	if "$@" && [ -z "$trouble" ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# wanted: $*; status $status"
		sed 's/^/# out: /' "$dir/out" | head -n 10
		sed 's/^/# err: /' "$dir/err" | head -n 10
		[ -z "$trouble" ] || echo "# $trouble"
	fi
}

job() # ARGUMENTS OF mpirun...
{
	timeout -k 5 400 mpirun.mpich "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

says() { [ "$status" -eq "$1" ] && grep -qF -- "$2" "$dir/out"; }
refused() { [ "$status" -eq "$1" ] && grep -qF -- "$2" "$dir/err"; }
ends() { [ "$status" -eq "$1" ]; }
same_as_linux() { [ "$status" -eq "$on_linux" ] && cmp -s "$dir/out" "$dir/linux"; }

# Columns of islectl stats that a job in its steady state leaves alone, as one line an isle.
counters()
{
	local isle

	for isle in $(islectl list | awk '$2 == "running" { print $1 }'); do
		islectl stats "$isle" | awk -v isle="$isle" '
			/^(interrupts|ipis-in|ipis-out|page-faults|syscalls-local|syscalls-forwarded|doorbells-in)/ {
				line = line " " $1 " " $2
			}
			END { print "isle " isle line }'
	done
}

# steady KIND RANKS OPTIONS... : the counters of all isles stand still while messages flow.
steady()
{
	local kind=$1 ranks=$2 pid
	shift 2
	head -c 4096 /dev/zero >"$dir/stop"
	timeout -k 5 400 mpirun.mpich -n "$ranks" isle-run "$@" "$rank" steady "$kind" "$dir/stop" \
		>"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	for _ in $(seq 3000); do
		grep -q steady "$dir/out" && break
		sleep 0.1
	done
	sleep 1
	counters >"$dir/before"
	sleep "${STEADY_SECONDS:-2}"
	counters >"$dir/after"
	printf x | dd of="$dir/stop" conv=notrunc status=none
	wait "$pid"
	status=$?
	sed 's/^/# before: /' "$dir/before"
	sed 's/^/# after:  /' "$dir/after"
	sed -n 's/^[0-9]* rounds/# &/p' "$dir/out"
	report "no call, interrupt, fault or IPI on $ranks isles: $kind" stands_still "$ranks"
}

stands_still()
{
	[ "$status" -eq 0 ] && [ "$(wc -l <"$dir/before")" -eq "$1" ] && cmp -s "$dir/before" "$dir/after"
}

# ended HOW COMMAND... : a job that waits is ended from outside by the command.
ended()
{
	local how=$1 pid
	shift
	mpirun.mpich -n 1 isle-run -c 1 "$rank" wait : -n 1 isle-run -c 1 "$rank" wait >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	for _ in $(seq 3000); do
		grep -q waiting "$dir/out" && break
		sleep 0.1
	done
	"$@" "$pid"
	( sleep 200; kill -KILL "$pid" ) 2>/dev/null &
	wait "$pid" 2>/dev/null
	status=$?
	kill $! 2>/dev/null
	report "a job ends by $how" ends_by_signal
}

ends_by_signal() { [ "$status" -ne 0 ] && [ "$status" -ne 124 ] && grep -q waiting "$dir/out"; }
part() { [ "$part" = all ] || [ "$part" = "$1" ]; }

command -v mpirun.mpich >/dev/null || { echo "1..0 # SKIP there is no mpirun.mpich"; exit 0; }
if [ ! -x "$rank" ] || [ ! -x "$solver" ]; then
	echo "1..0 # SKIP the MPI programs were not built: there was no mpicc.mpich"
	exit 0
fi
cpus=$(nproc --all)
islectl reserve --cpus "1-$((cpus - 1))" --mem "200M@0,400M@1" >"$dir/reserve" || exit 99
rm -rf /dev/shm/*

if part run; then
	job -n 2 isle-run "$rank" hello
	report "two ranks" says 0 "rank 1 of 2"
	job -n 3 isle-run --cpus 1 "$rank" check
	report "messages, collectives, windows and files between three isles" says 0 "all right"
	job -n 2 isle-run --cpus 1 "$rank" threads
	report "MPI_THREAD_MULTIPLE on isles of one core" says 0 "all right"
	# A window that Linux chose an address for may not fit the isle; MPICH then leaves its first file.
	job -n 1 "$rank" check : -n 1 isle-run --cpus 1 "$rank" check
	rm -f /dev/shm/mpich_shar_tmp*
	report "rank 0 on Linux, rank 1 on an isle" says 0 "all right"
	job -n 1 isle-run --cpus 1 "$rank" check : -n 1 "$rank" check
	rm -f /dev/shm/mpich_shar_tmp*
	report "rank 0 on an isle, rank 1 on Linux" says 0 "all right"
	job -n 2 isle-run "$solver" 24
	report "MPI and OpenMP together, the answer checked" says 0 ": right"
	job -n 2 env OMP_NUM_THREADS=1 isle-run --cpus 1 "$solver" 24
	report "the user's OMP_NUM_THREADS stays" says 0 "1 thread on CPU"
	job -n 2 sh -c "isle-run --cpus 1 $rank hello; isle-run --cpus 1 true"
	report "two programs one after the other in a script" says 0 "rank 1 of 2"
	job -n 1 isle-run -c 3-3 "$rank" hello : -n 1 isle-run -c 2-2 -m 64M "$rank" hello
	report "ranks that name CPUs of their own" says 0 "rank 1 of 2"
	mpirun.mpich -n 2 isle-run --dry-run --json "$rank" >"$dir/out" 2>"$dir/err"
	status=$?
	report "the plan of the job as JSON" says 0 '"rank": 1'
	echo typed | timeout 400 mpirun.mpich -n 2 isle-run --cpus 1 cat >"$dir/out" 2>"$dir/err"
	status=$?
	report "standard input goes to rank 0" says 0 typed
	job -n 2 isle-run --cpus 1 --strace "$rank" hello
	for isle in $(islectl list | awk 'NR > 1 { print $1 }' | sort -n | tail -n 2); do
		islectl stats "$isle" | awk -v i="$isle" '$1 == "syscalls-forwarded" { print "# isle " i ": " $2 " calls forwarded from start to end" }'
	done
fi

if part steady; then
	for kind in ping0 ping8 ping4096 ping65536 ping4194304 allreduce rma; do
		steady "$kind" 2 --cpus 1
	done
fi

if part end; then
	for how in "abort 7" "exit 3" crash; do
		# shellcheck disable=SC2086 # two words
		UCX_HANDLE_ERRORS=none timeout 400 mpirun.mpich -n 2 "$rank" $how >"$dir/linux" 2>&1 </dev/null
		on_linux=$?
		# shellcheck disable=SC2086
		job -n 2 isle-run --cpus 1 "$rank" $how
		report "a rank that does '$how' ends the job as on Linux ($on_linux)" ends "$on_linux"
	done
	ended "Control-C" kill -INT
	ended "SIGTERM to mpirun" kill -TERM
	# shellcheck disable=SC2016 # the inner shell's
	ended "kill -KILL of the launcher's proxy" sh -c 'pkill -KILL -P "$1" hydra_pmi' sh
	ended "kill -KILL of mpirun" kill -KILL
	# shellcheck disable=SC2016
	ended "kill -KILL of a rank's isle-run" sh -c 'kill -KILL "$(pgrep -n isle-run)"' sh
fi

if part refuse; then
	job -n "$cpus" isle-run "$rank" hello
	report "more ranks than cores" refused 125 "start at most $((cpus - 1)) ranks on this host"
	job -n 2 isle-run --mem 1G "$rank" hello
	report "more memory than there is" refused 125 "do not fit into the reserve"
	job -n 1 isle-run "$dir/none" : -n 1 isle-run "$rank" hello
	report "a program that is not there" refused 127 "$dir/none: No such file"
	job -n 1 "$rank" hello : -n 1 isle-run --mem 1G "$rank" hello
	report "a refusal ends the ranks on Linux too" refused 125 "do not fit into the reserve"
	job -n 1 false : -n 1 isle-run "$rank" hello
	report "a rank that never comes" refused 125 "ended before it came to meet the others"
	job -n 2 isle-run --mem 50% "$rank" hello
	report "a share of memory has no meaning in a job" refused 2 "a size for each rank"
	job -n 2 env PMI_RANK=nine isle-run "$rank" hello
	report "variables that no launcher set" refused 2 "PMI_RANK=nine is not a number"
	job -n 2 env -u MPI_LOCALRANKID -u MPI_LOCALNRANKS isle-run "$rank" hello
	report "variables that a wrapper took away" refused 2 "MPI_LOCALRANKID"
	OMPI_COMM_WORLD_SIZE=2 timeout 20 isle-run "$rank" hello >"$dir/out" 2>"$dir/err"
	status=$?
	report "a rank of Open MPI" refused 125 "started by Open MPI"
	isle-run --cpus all --idle & sleep 2
	job -n 2 isle-run "$rank" hello
	kill -TERM %1; wait %1
	report "isles of somebody else in the way" refused 125 "the reserve has no free core"
	dd if=/dev/zero of=/dev/shm/full bs=1M count=4096 2>/dev/null
	job -n 2 isle-run --cpus 1 "$rank" hello
	rm -f /dev/shm/full
	report "a full /dev/shm" test "$status" -ne 0 -a "$status" -ne 124
	islectl release >/dev/null
	job -n 2 isle-run --isle multi "$rank" hello
	report "no reserve" refused 125 "islectl reserve"
fi
echo "1..$n"
