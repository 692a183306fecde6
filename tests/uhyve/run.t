#!/bin/bash
# SPDX-License-Identifier: MIT
# run.t - programs on uhyve do what they do on Linux, and cost the monitor next to nothing.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

HERMIT_MEM=8M expect 0 "hello from an isle" isle "$probe" hello
HERMIT_CPUS=2 expect 0 "4 threads were right" isle "$probe" threads
try isle "$probe" exit 42
holds "the status is the program's" "$status" -eq 42
try isle "$probe" fault
holds "a fault ends isle-run by SIGSEGV" "$status" -eq 139
try isle "$probe" kvm
holds "a program cannot make machines of its own" "$status" -eq 0

printf '\005\000\000\000' > "$temp/file"
truncate -s 4096 "$temp/file"
try isle "$probe" shared "$temp/file"
holds "a shared mapping ends well" "$status" -eq 0
holds "and what was written is in the file" "$(od -An -tu4 -N4 "$temp/file" | tr -d ' ')" -eq 6

isle "$probe" wait > "$temp/here" 2> "$temp/err" &
pid=$!
for _ in $(seq 300); do grep -q here "$temp/here" && break; sleep 0.1; done
kill -TERM $pid
wait $pid 2> /dev/null
status=$? tried="kill -TERM"
holds "SIGTERM is the program's" "$status" -eq 143

try isle --json "$probe" exit 0
few=$(number monitor_exits)
holds "at most 20 exits to the monitor in a run" "${few:-99}" -le 20
try isle --json "$probe" compute 0.2
short=$(number monitor_exits) bells=$(number doorbells)
try isle --json "$probe" compute 3
holds "none while computing" "$(number monitor_exits)" -eq "${short:-99}"
holds "and no doorbell either" "$(number doorbells)" -le "$((bells + 1))"
try isle -v "$probe" exit 0
grep -q 'platform uhyve: it was asked for' "$temp/err"
report "-v says why this platform" $?
unset HERMIT_ISLE
try isle -v "$probe" exit 0
grep -q 'not multi, the module is not loaded; KVM can be used' "$temp/err"
report "without a wish it is the best that can be, and -v says why" $?
finish
