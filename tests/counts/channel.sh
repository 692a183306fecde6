#!/bin/bash
# SPDX-License-Identifier: MIT
# channel.sh - inside the machine: what a forwarded call costs, counted on the isle, in the module and in the proxy.
# Catches: messages, interrupts and copies beyond those that docs/counts.md promises, and counters that disagree.
# shellcheck disable=SC2154 # dir and n are of inside.sh
# shellcheck source-path=SCRIPTDIR source=../lib/inside.sh
. "$(dirname "$0")/../lib/inside.sh"
program=$ISLE_BUILD/tests/counts/channel
# stats NAME: of the isle that ran last.
stats() {
	islectl stats --json "$(islectl list | awk '$1 ~ /^[0-9]+$/ { print $1 }' | sort -n | tail -n 1)" > "$dir/$1"
}
more() { echo $(($(value "$2" "$3") - $(value "$1" "$3"))); }

islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99
# One core: all that is counted is counted there.
export HERMIT_CPUS=1
# part WORDS...: a run of the program, its results among ours.
part() {
	isle-run "$@" > "$dir/out" 2>&1
	status=$?
	grep -E '^(not )?ok |^#' "$dir/out" | sed -E "s/^((not )?ok )[0-9]+ - /\\1 - ${*: -1}: /"
	n=$((n + $(grep -cE '^(not )?ok ' "$dir/out")))
	result "${*: -1}: it ends well" [ "$status" = 0 ]
}
part "$program" bulk
# A core that does not give up soon.
part --kernel-args spin=1000000 "$program" polling
part --kernel-args spin=0 "$program" sleeping
stats calls
for name in messages-out messages-in calls doorbells-out doorbells calls-slept worker-rings rings doorbells-in \
	worker-waits; do
	echo "# $name $(value calls "$name")"
done
result "the proxy made as many calls as the isle asked for" [ "$(value calls calls)" = "$(value calls messages-out)" ]
result "the module took no interrupt that the isle had not sent" \
	[ "$(value calls doorbells)" -le "$(value calls doorbells-out)" ]
result "the proxy rang for no more calls than slept" [ "$(value calls worker-rings)" -le "$(value calls calls-slept)" ]
result "the isle took no interrupt that the module had not sent" \
	[ "$(value calls doorbells-in)" -le "$(value calls rings)" ]
for times in 01 65; do
	isle-run "$program" times $times || result "times $times" false
	stats times$times
done
result "256 calls of 1 MiB more are 256 messages more" [ "$(more times01 times65 messages-out)" = 256 ]
result "and 256 calls of the proxy's" [ "$(more times01 times65 calls)" = 256 ]
result "the isle kernel copies no byte more" [ "$(more times01 times65 bytes-copied)" = 0 ]
result "the proxy copies no byte more" [ "$(more times01 times65 proxy-copied)" = 0 ]
echo "1..$n"
