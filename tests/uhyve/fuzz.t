#!/bin/bash
# SPDX-License-Identifier: MIT
# fuzz.t - the monitor survives isle kernels that write garbage to ports, to addresses without memory and to all they
# share with it (isle-kernel/inject/hostile.c), a seed each. Catches: an index or length that is believed, memory that
# grows with what an isle asks for, an isle that cannot be ended, an end without a sentence.
# FUZZ_SECONDS: how long (12); FUZZ_SEED: the first seed (1). By hand, one: FUZZ_SECONDS=0 FUZZ_SEED=7 tests/uhyve/fuzz.t
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

seconds=${FUZZ_SECONDS:-12} first=${FUZZ_SEED:-1}
# KiB: the isle's own 32 MiB, and what a monitor may take besides.
most_kib=$((32768 + 12288))
PATIENCE=40   # tenths of a second
runs=0 ran=0 said=0 silent=0 killed=0 peak=0 ports=0
declare -A wrong=()

# blame PROPERTY SEED TEXT: for the line of this property
blame() { wrong[$1]+="# seed $2: $3; FUZZ_SECONDS=0 FUZZ_SEED=$2 shows it"$'\n'; }

gone() { case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2> /dev/null) in '' | Z*) return 0 ;; esac; return 1; }

# until_gone PID TENTHS: waits for it and looks at its memory.
until_gone() {
	local i kib
	for ((i = 0; i < $2; i++)); do
		gone "$1" && return 0
		kib=$(awk '/^VmHWM/ { print $2 }' "/proc/$1/status" 2> /dev/null)
		[ "${kib:-0}" -le "$peak" ] || peak=$kib
		[ "${kib:-0}" -le $most_kib ] || blame memory "$seed" "$kib KiB"
		sleep 0.1
	done
	gone "$1"
}

# one SEED: with a program that the proxy serves, every fourth without.
one() {
	local seed=$1 status sentences left args="inject=hostile seed=$1"
	local -a program=("$probe" hello)
	[ $((seed % 4)) -ne 0 ] || program=()
	# A session of its own, so that what is left of it can be found.
	setsid "$isle_run" --json --kernel-args "$args" "${program[@]}" > "$temp/out" 2> "$temp/err" < /dev/null &
	pid=$!
	if ! until_gone $pid $PATIENCE; then
		# Whether a program ends by SIGTERM is its own affair; without one it is isle-run's.
		kill -TERM $pid 2> /dev/null
		if [ ${#program[@]} -ne 0 ]; then
			kill -KILL $pid 2> /dev/null
		elif ! until_gone $pid 150; then
			blame ends "$seed" "it does not end when it is told to"
			kill -KILL $pid 2> /dev/null
		fi
	fi
	{ wait $pid; } 2> /dev/null
	status=$?
	runs=$((runs + 1)) ports=$((ports + $(number port || echo 0) + 0))
	sentences=$(grep -a -c '^isle-run: ' "$temp/err")
	case $status in
	0) ran=$((ran + 1)) ;;
	125) if [ "$sentences" -gt 0 ]; then said=$((said + 1)); else silent=$((silent + 1)); fi ;;
	137 | 143) killed=$((killed + 1)) ;;
	12[89] | 1[3-9]? | 2??) blame lives "$seed" "status $status" ;;
	esac
	# Without one the isle must have parked: then the status is the isle's own.
	if [ "$status" -eq 125 ] && [ "$sentences" -eq 0 ] && [ "$(number park)" != 1 ]; then
		blame says "$seed" "no sentence"
	fi
	[ "$sentences" -le 1 ] || blame says "$seed" "$sentences sentences"
	left=$(pgrep -d ' ' -s $pid)
	[ -z "$left" ] || { blame left "$seed" "processes $left"; kill -KILL $left; }
} 2> /dev/null

echo "# seeds from $first on, for $seconds s"
end=$((SECONDS + seconds))
seed=$first
while one "$seed" && seed=$((seed + 1)) && [ $SECONDS -lt $end ]; do :; done
echo "# $runs isles: $ran ran the program all the same, $said ended with a sentence, $silent by themselves," \
	"$killed were killed; at most $peak KiB, $ports accesses to ports"
tried="seeds $first to $((seed - 1))" status=0
: > "$temp/out"
# holds_all PROPERTY NAME
holds_all() {
	printf '%s' "${wrong[$1]-}" | head -n 20 > "$temp/err"
	[ -z "${wrong[$1]-}" ]
	report "$2" $?
}
holds_all lives "$runs hostile isles: none takes the monitor with it"
holds_all ends "each ends when it is told to"
holds_all says "and with one sentence"
holds_all memory "the monitor's memory is bounded"
holds_all left "nothing is left running"
: > "$temp/err"
# Few seeds may all be of the harmless kind.
[ "$runs" -lt 8 ] || [ $((said + killed)) -gt 0 ]
report "some did break their contract" $?
finish
