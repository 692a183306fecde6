#!/bin/bash
# SPDX-License-Identifier: MIT
# soak.sh JOBS SEED - inside the machine: random jobs in a row: one to three ranks on isles and on Linux, threads, ends
# of all kinds, kills of all parts at any time. Each must end in time with the status of its kind (any but 0 and 125 for
# a kill while the job starts, for that depends on how far it was) and leave the machine as it was. One line a job, one
# result for all.
# shellcheck source-path=SCRIPTDIR source=job-lib.sh disable=SC2154
. "$(dirname "$0")/job-lib.sh"
jobs=${1:-} seed=${2:-}
case $jobs:$seed in
*[!0-9:]* | :* | *: | 0:*)
	echo "Bail out! soak.sh wants a number of jobs above 0 and a seed, not '$jobs' '$seed'"
	exit 99 ;;
esac
RANDOM=$seed
export UCX_HANDLE_ERRORS=none

# pick NAME WORDS...: one of the words into the variable. Not $(...): a subshell has numbers of its own.
pick() { printf -v "$1" %s "${*:2 + RANDOM % ($# - 1):1}"; }

# mix WORDS...: makes the job's command line in $line, of $ranks ranks, $on_linux of them on Linux.
mix()
{
	local r where

	line=() on_linux=0 ranks=$((1 + RANDOM % 3))
	for r in $(seq "$ranks"); do
		where=$((RANDOM % 5))
		[ "$r" = 1 ] || line+=(:)
		case $where in
		# At most one spins on Linux's only CPU.
		0) [ "$on_linux" = 1 ] || { line+=(-n 1 "$@") on_linux=1; continue; } ;;
		1) line+=(-n 1 isle-run --cpus 1 --mem 64M "$@"); continue ;;
		esac
		line+=(-n 1 isle-run --cpus 1 "$@")
	done
}

# The statuses of an end that is done to a job that waits.
wanted_after()
{
	local by

	case $2 in INT) by=2 ;; TERM) by=15 ;; KILL) by=9 ;; esac
	case $1:$2 in
	proxy:*) echo 255 ;;
	mpirun:KILL) echo 137 ;;
	# Or 0, on Linux too, as Hydra happens to read its sockets.
	mpirun:*) echo "0 $(of_three $by)" ;;
	*) of_three $by ;;
	esac
}

# Of three ranks Hydra kills two for one that ended, and gives its status, theirs, or both in one, as they happen to
# end. It does so on Linux.
of_three()
{
	[ "$ranks" -gt 2 ] && echo "$1 9 $(($1 | 9))" || echo "$1"
}

# A kill of a part of the job $pid, once it waits or at some moment before; sets $wanted.
kill_part()
{
	local part signal when victims proxy linux which=$RANDOM

	pick part mpirun proxy rank rank
	pick signal INT TERM KILL KILL
	pick when waiting waiting early
	[ "$part" != proxy ] || signal=KILL
	if [ "$when" = early ]; then
		sleep "$((RANDOM % 4)).$((RANDOM % 10))"
		wanted=any
		# Hydra's 0, as above.
		[ "$part$signal" != mpirunINT ] && [ "$part$signal" != mpirunTERM ] || wanted='any or 0'
	else
		until_says waiting
		wanted=$(wanted_after "$part" "$signal")
	fi
	what+=" $when $signal $part"
	proxy=$(pgrep -P "$pid" hydra_pmi)
	linux=$(pgrep -P "${proxy:-$pid}" -x rank)
	case $part in
	mpirun) victims=$pid ;;
	proxy) victims=$proxy ;;
	*) victims=$(pgrep -P "${proxy:-$pid}" | shuf -n 1 --random-source=<(yes "$which")) ;;
	esac
	kill "-$signal" "${victims:-$pid}" 2>/dev/null
	# Without their launcher ranks on Linux run for ever.
	[ "$part" != proxy ] || { sleep 1; kill -KILL $linux 2>/dev/null; }
}

# One random job: $what it was, $status it ended with, $wanted.
random_job()
{
	pick what hello check threads solver "abort 7" "exit 3" crash wait wait wait
	# shellcheck disable=SC2086 # words
	case $what in
	solver) mix "$solver" 16 ;;
	*) mix "$rank" $what ;;
	esac
	case $what in
	abort*) wanted=7 ;;
	exit*) wanted=$(of_three 3) ;;
	crash) wanted=11 ;;
	*) wanted=0 ;;
	esac
	started mpirun.mpich "${line[@]}"
	[ "$what" != wait ] || kill_part
	ended
	# What MPICH forgets: of a window that did not fit, and of a start that was cut short.
	[ "$on_linux" = 0 ] && [ "${wanted%% *}" != any ] || rm -f /dev/shm/mpich_* /dev/shm/ucx_*
}

well()
{
	case $wanted in
	any) [ "$status" != hang ] && [ "$status" != 0 ] && [ "$status" != 125 ] ;;
	any*) [ "$status" != hang ] && [ "$status" != 125 ] ;;
	*) [[ " $wanted " = *" $status "* ]] ;;
	esac
}

# Without what Linux only remembers of files.
available()
{
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo
}

reserve 1-3 200M@0,400M@1
failed=0 done=0
for number in $(seq "$jobs"); do
	random_job
	trouble=$(left)
	[ "$number" != 1 ] || at_first=$(available)
	done=$((done + 1))
	echo "# $number: $what, $ranks ranks, $on_linux on Linux: $status after $((SECONDS - since)) s"
	since=$SECONDS
	well && [ -z "$trouble" ] && continue
	failed=$((failed + 1))
	echo "# WRONG: mpirun ${line[*]}: status $status, wanted $wanted"
	sed 's/^/# out: /' "$dir/own-out" | head -n 5
	sed 's/^/# err: /' "$dir/own-err" | head -n 8
	[ -z "$trouble" ] || printf '%s\n' "# left:" "$trouble"
done
lost=$((at_first - $(available)))
[ "$lost" -le 32 ] || { failed=$((failed + 1)); echo "# Linux has $lost MiB less than after the first job"; }
release || failed=$((failed + 1))
[ "$failed" = 0 ] && [ "$done" = "$jobs" ] || right=not
echo "${right:+not }ok 1 - seed $seed: $done of $jobs random jobs, $failed wrong, Linux's memory $lost MiB less"
echo 1..1
