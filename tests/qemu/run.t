#!/bin/bash
# SPDX-License-Identifier: MIT
# run.t - a program in QEMU ends as it does on Linux.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

on_isle 0 "hello from here" /bin/echo hello from here
ends 7 "$probe" exit 7
ends 0 "$probe" exit 0
ends 139 "$probe" segv
on_isle 0 "21 passed, 0 failed" -v --selftest
on_isle 3 "platform qemu" -v --kernel-args "stop exit=3"

echo "a file's text" > "$temp/file"
on_isle 0 "a file's text" cat "$temp/file"
try "$isle_run" "$probe" files "$temp/folder"
[ "$status" -eq 0 ] && [ "$(cat "$temp/where")" = "$temp/folder" ]
report "a program writes files, makes folders, changes its directory" $?

printf 'one\ntwo\n' > "$temp/in"
"$isle_run" sort -r < "$temp/in" > "$temp/out" 2> "$temp/err"
status=$? tried="sort"
[ "$(cat "$temp/out")" = "two
one" ]
report "standard input and output are the program's" $?

# The other end of a pipe that the program closes sees its end, though QEMU lives on.
mkfifo "$temp/pipe"
"$isle_run" "$probe" close 3> "$temp/pipe" > "$temp/out" 2> "$temp/err" &
pid=$!
tried="probe close" status=0
timeout 20 cat "$temp/pipe" && until_line "$temp/out" here && kill -0 $pid
report "QEMU holds no pipe of the program's open" $?
kill -TERM $pid
wait $pid 2> /dev/null

for cpus in 1 2 4; do
	HERMIT_CPUS=$cpus on_isle 0 "sum 28000 on $cpus cpus" "$probe" threads
done
spread=$ISLE_BUILD/tests/conform/bin/sched/spread-blocked
if [ -x "$spread" ]; then
	HERMIT_CPUS=4 on_isle 0 "each on a core of its own" "$spread"
else
	echo "# the conformance programs are not built: where threads go is not looked at"
fi
for signal in TERM:143 USR1:138; do
	"$isle_run" "$probe" > "$temp/out" 2> "$temp/err" &
	pid=$!
	until_line "$temp/out" here
	kill -s "${signal%:*}" $pid
	wait $pid 2> /dev/null
	status=$? tried="probe, SIG${signal%:*}"
	[ $status -eq "${signal#*:}" ]
	report "a signal from outside ends it: SIG${signal%:*}" $?
done

# Within two seconds of Linux's.
before=$(date +%s)
try "$isle_run" date +%s
after=$(date +%s)
[ "$(cat "$temp/out")" -ge $((before - 2)) ] && [ "$(cat "$temp/out")" -le $((after + 2)) ]
report "the time is Linux's" $?

# What is not possible on this platform has an errno.
on_isle 0 "ENODEV" "$probe" map "$temp/file"
finish
