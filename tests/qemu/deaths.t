#!/bin/bash
# SPDX-License-Identifier: MIT
# deaths.t - whoever of proxy, guard and QEMU dies, the others end too, and the status tells.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# begin: a program that waits; sets pid, guard, qemu. Without it nothing that follows would mean anything.
begin() {
	"$isle_run" "$probe" > "$temp/out" 2> "$temp/err" &
	pid=$!
	{ until_line "$temp/out" here && family $pid; } || give_up "the program starts"
}

# ended STATUS TEXT NAME
ended() {
	wait $pid 2> /dev/null
	status=$? tried=$3
	[ $status -eq "$1" ] && { [ -z "$2" ] || grep -q -e "$2" "$temp/err"; } && gone "$guard" "$qemu"
	report "$3" $?
}

begin
kill -KILL "$qemu"
ended 125 "QEMU was killed by signal 9" "QEMU is killed: status 125, a sentence, nothing is left"
begin
kill -TERM "$qemu"
ended 125 "QEMU ended" "QEMU is asked to end: status 125, a sentence, nothing is left"
begin
kill -KILL "$guard"
ended 125 "the process that guards QEMU was killed" "the guard is killed: status 125, a sentence, nothing is left"
begin
kill -KILL $pid
ended 137 "" "isle-run is killed: nothing is left"
begin
kill -TERM $pid
ended 143 "" "the program is ended by a signal: nothing is left"

"$isle_run" --idle > "$temp/out" 2> "$temp/err" &
pid=$!
family $pid || give_up "an idle isle starts"
sleep 0.5
kill -TERM $pid
ended 0 "" "an idle isle stops when it is asked to"

# A program's waits see its own children only.
on_isle 0 "none" "$probe" children

on_isle 125 "panic" --kernel-args inject=panic
# QEMU's image is named by no other test's command line.
cp "$ISLE_IMAGE" "$temp/mine.elf"
ISLE_IMAGE=$temp/mine.elf "$isle_run" "$probe" > "$temp/out" 2> "$temp/err" &
pid=$!
tried="probe, with an image of its own" status=0
until_line "$temp/out" here && [ "$(pgrep -c -f -- "-kernel $temp/mine.elf")" -ge 1 ]
report "QEMU can be found by its image" $?
kill -TERM $pid
wait $pid 2> /dev/null
ISLE_IMAGE=$temp/mine.elf try timeout 60 "$isle_run" --kernel-args inject=panic
[ "$status" -eq 125 ] && [ "$(pgrep -c -f -- "-kernel $temp/mine.elf")" -eq 0 ]
report "a panic leaves nothing running" $?
finish
