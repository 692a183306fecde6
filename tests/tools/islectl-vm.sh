#!/bin/sh
# SPDX-License-Identifier: MIT
# islectl-vm.sh - islectl and isle-run on a real device: tests/vm/run-vm -- tests/tools/islectl-vm.sh
# For a machine that may be broken, with at least four CPUs on two nodes. Leaves nothing reserved.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
unset ISLE_DEVICE HWLOC_SYNTHETIC
[ -e /dev/isle ] || { echo "1..0 # SKIP there is no /dev/isle: run it by tests/vm/run-vm"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP only root can reserve"; exit 0; }
online() { cat /sys/devices/system/cpu/online; }
before=$(online)
far=$(cat /sys/devices/system/node/node1/cpulist)
trap 'kill $idle 2> /dev/null; wait; "$islectl" release > /dev/null 2>&1; rm -rf "$temp"' EXIT
idle=

# json COMMAND... -- EXPRESSION: its JSON, as d, makes the expression true.
json() {
	name=$*
	expression=$1
	shift
	try "$@"
	[ "$status" -eq 0 ] && python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); assert eval(sys.argv[2])' "$temp/out" "$expression" 2>> "$temp/err"
	report "$(echo "$name" | sed "s|$ISLE_BUILD/proxy/||g")" $?
}
# soon COMMAND...: within ten seconds it succeeds.
soon() {
	for _ in $(seq 100); do
		"$@" > /dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}
listed() { "$islectl" list | grep -q "^$1 .*$2"; }

# Nothing yet.
expect 0 "empty" "$islectl" status
json 'd["cpus"] == 0 and d["nodes"] == []' "$islectl" status --json
expect 0 "there is no isle" "$islectl" list
expect 1 "" "$islectl" status 4000000000
expect 1 "" "$islectl" log 4000000000
expect 1 "" "$islectl" stats 4000000000
expect 125 "no free CPU" "$isle_run" --idle

# Reserve.
expect 0 "and the module agrees" "$islectl" reserve -n --cpus "$far" --mem 64M@1
[ "$(online)" = "$before" ]
report "a dry run changes nothing" $?
expect 2 "boot CPU" "$islectl" reserve --cpus 0-1
expect 0 "64 MiB of node 1" "$islectl" reserve --cpus "$far" --mem 64M@1,64M@0
[ "$(online)" != "$before" ]
report "the CPUs have left" $?
expect 2 "offline or reserved" "$islectl" reserve --cpus "$far"
json 'd["bytes"] == 128 << 20 == d["free_bytes"] and d["free_cpus"] == d["cpus"] > 0' "$islectl" status --json
expect 0 "node 1  CPUs $far, free $far" "$islectl" status
json 'd["fit"] in (True, False) and any("reserved" in f["text"] for f in d["findings"])' "$islectl" doctor --json || :

# Isles.
expect 0 "memory    64 MiB of node 1" "$isle_run" -n --selftest
try "$isle_run" --selftest -v
[ "$status" -eq 0 ] && grep -q '^\[ *[0-9.]*\] cpu0: ' "$temp/err"
report "isle-run --selftest -v: ends with 0, prints a log" $?
first=$("$islectl" list | awk 'NR == 2 { print $1 }')
expect 0 "stopped" "$islectl" list
expect 0 "exit      status 0" "$islectl" status "$first"
expect 0 "] cpu0: " "$islectl" log "$first"
expect 0 "interrupts" "$islectl" stats "$first"
try "$isle_run" --kernel-args "stop exit=7"
[ "$status" -eq 7 ]
report "isle-run ends with the isle's exit status" $?
"$isle_run" --idle > "$temp/idle" 2>&1 &
idle=$!
second=$((first + 2))
soon listed "$second" running
report "isle-run --idle runs" $?
expect 0 "state     running; its kernel is up" "$islectl" status "$second"
json 'd["life"] == "running" and d["owner_pid"] and d["bytes"] == 64 << 20' "$islectl" status "$second" --json
json 'len(d["per_cpu"]) == d["cores"] > 0 and "foreign" in d["counters"]' "$islectl" stats "$second" --per-cpu --json
expect 0 "cpu0" "$islectl" stats --per-cpu "$second"
expect 125 "no free CPU" "$isle_run" --idle
expect 1 "" "$islectl" release
"$islectl" log -f "$second" > "$temp/follow" 2>&1 &
follow=$!
kill -TERM $idle
wait $idle
[ $? -eq 0 ]
report "SIGTERM stops the isle in order" $?
soon sh -c "! kill -0 $follow"
report "log -f ends with the isle" $?
"$islectl" log "$second" > "$temp/out"
cmp -s "$temp/out" "$temp/follow"
report "log -f printed what log prints" $?
[ "$("$islectl" log --json "$second" | wc -l)" -eq "$(wc -l < "$temp/out")" ] &&
	"$islectl" log --json "$second" | python3 -c 'import json, sys; [json.loads(l) for l in sys.stdin]'
report "log --json: an object a line" $?
"$isle_run" --idle > "$temp/idle" 2>&1 &
idle=$!
soon listed $((second + 1)) running
kill -KILL $idle
wait $idle 2> /dev/null
soon listed $((second + 1)) killed
report "an isle whose owner was killed is killed" $?
expect 125 "panicked" "$isle_run" --kernel-args "inject=panic"

# As a user outside the group, and as one inside.
chmod 660 /dev/isle
expect 4 "group" setpriv --reuid 12345 --regid 12345 --clear-groups "$islectl" status
chgrp 54321 /dev/isle
expect 0 "reserve" setpriv --reuid 12345 --regid 12345 --groups 54321 "$islectl" status
expect 4 "" setpriv --reuid 12345 --regid 12345 --groups 54321 "$islectl" release
expect 4 "" setpriv --reuid 12345 --regid 12345 --groups 54321 "$islectl" reserve --cpus 1-1 --mem none

# Release.
soon "$islectl" release
[ "$(online)" = "$before" ]
report "all CPUs are back" $?
expect 0 "0 CPUs and 0 B" "$islectl" release
finish
