# SPDX-License-Identifier: MIT
# job-lib.sh - inside the machine: whole MPI jobs, and what they leave.
#
# A script sources this file, starts jobs with `job', `linux_job' or `started', and reports each property once; a
# report compares all that the machine shows with what it showed before any job: the reserve's CPUs and memory, isles,
# processes, names in /dev/shm. What is left is part of the failure. Every wait is bounded, and a job that has to be
# ended by force has the status `hang'.
# shellcheck shell=bash disable=SC2034 # shared with the scripts
rank=$ISLE_BUILD/tests/mpi/rank
solver=$ISLE_BUILD/bench/solver/solver
dir=$(mktemp -d) || exit 99
export TMPDIR=$dir
n=0 quick='' since=$SECONDS
[ "${1:-}" != quick ] || quick=yes
JOB_SECONDS=${JOB_SECONDS:-100}
trap 'rm -rf "$dir"; islectl release >/dev/null 2>&1' EXIT

if ! command -v mpirun.mpich >/dev/null || [ ! -x "$rank" ] || [ ! -x "$solver" ]; then
	echo "1..0 # SKIP the MPI programs were not built: there is no MPICH (mpicc.mpich, mpirun.mpich)"
	exit 0
fi

# True with `quick' only for what is named quick.
long() { [ -z "$quick" ]; }

# All that a job may have changed.
machine_state()
{
	islectl status | sed -n -e 's/ in [0-9]* extents*//' -e 's/, largest .*//' -e '/^reserve/p' -e '/^  node/p' \
		-e '/^isles/p'
	# User's processes, but ours and those that look.
	ps -eo ppid=,pid=,comm=,args= |
		awk '$1 != 2 && $2 > 2 && $3 !~ /^(ps|awk|sed|bash|busybox|in-machine|find|sort|[a-z]*(-[a-z]*)?\.sh)$/ {
			$1 = ""
			print
		}'
	find /dev/shm "${XDG_RUNTIME_DIR:-/dev/shm}" "$dir" -mindepth 1 ! -path "$dir/own*" | sort -u
}

# reserve CPUS MEMORY: takes it and remembers how the machine looks now.
reserve()
{
	islectl reserve --cpus "$1" --mem "$2" >"$dir/own-reserve" 2>&1 ||
		{ echo "Bail out! $(cat "$dir/own-reserve")"; exit 99; }
	rm -rf /dev/shm/*
	machine_state >"$dir/own-before"
}

release()
{
	islectl release >"$dir/own-release" 2>&1 || { echo "# $(cat "$dir/own-release")"; return 1; }
}

# What is left of the jobs before, after the time that their own end may take; nothing is printed if nothing is.
left()
{
	local try

	for try in $(seq 50); do
		machine_state >"$dir/own-after"
		! cmp -s "$dir/own-before" "$dir/own-after" || return 0
		sleep 0.1
	done
	diff "$dir/own-before" "$dir/own-after" | sed -n 's/^[<>]/# &/p'
	force_end
	rm -rf /dev/shm/*
}

# Numbers of all processes of jobs. The machine is ours alone.
of_jobs() { ps -eo pid=,comm= | awk '$2 ~ /^(mpirun|mpiexec|hydra_pmi|isle-run|rank$|solver$)/ { print $1 }'; }

# Ends what would spoil the jobs to come.
force_end()
{
	local try pids

	for try in $(seq 50); do
		pids=$(of_jobs)
		[ -n "$pids" ] || return 0
		# shellcheck disable=SC2086 # numbers
		kill -KILL $pids 2>/dev/null
		sleep 0.1
	done
}

# report NAME CONDITION... : one result, from the condition and from what was left.
report()
{
	local name=$1 trouble right=not
	shift
	n=$((n + 1))
	trouble=$(left)
	"$@" && [ -z "$trouble" ] && right=''
	echo "${right:+not }ok $n - $name"
	echo "# after $((SECONDS - since)) s"
	since=$SECONDS
	[ -n "$right" ] || return 0
	echo "# wanted: $*; status $status"
	sed 's/^/# out: /' "$dir/own-out" | head -n 12
	sed 's/^/# err: /' "$dir/own-err" | head -n 20
	[ -z "$trouble" ] || printf '%s\n' "# left:" "$trouble"
	return 1
}

# started COMMAND... : in the background, as a shell would start it in the foreground; its number is in $pid.
started()
{
	: >"$dir/own-out"
	env --default-signal=INT,QUIT "$@" >"$dir/own-out" 2>"$dir/own-err" </dev/null &
	pid=$!
}

# How it ended, in $status: a number, or `hang'.
ended()
{
	local end=$((SECONDS + JOB_SECONDS))

	status=''
	while kill -0 "$pid" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || { status=hang; force_end; break; }
		sleep 0.05
	done
	wait "$pid" 2>/dev/null
	status=${status:-$?}
}

job() # ARGUMENTS OF mpirun...
{
	started mpirun.mpich "$@"
	ended
}

# True when the job's output has the word; false when it ends or lasts too long without.
until_says()
{
	local end=$((SECONDS + JOB_SECONDS))

	until grep -q -- "$1" "$dir/own-out"; do
		[ "$SECONDS" -lt "$end" ] && kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.05
	done
}

# Conditions.
ends() { [ "$status" = "$1" ]; }
says() { [ "$status" = "$1" ] && grep -qF -- "$2" "$dir/own-out"; }
# One sentence of isle-run on standard error, and that one.
refused()
{
	[ "$status" = "$1" ] && [ "$(grep -c '^isle-run: ' "$dir/own-err")" = 1 ] && grep -qF -- "$2" "$dir/own-err"
}
# The plan of a dry run: the CPUs of ranks 0 and 1, as the table has them.
placed()
{
	[ "$status" = 0 ] && [ "$(awk '$1 ~ /^[01]$/ { print $NF }' "$dir/own-out" | tr '\n' ' ')" = "$1 $2 " ]
}

jobs_end()
{
	echo "1..$n"
	exit 0
}
