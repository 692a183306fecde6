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

"$isle_run" "$probe" wait > "$temp/here" 2> "$temp/err" &
pid=$!
for _ in $(seq 300); do grep -q here "$temp/here" && break; sleep 0.1; done
# What the process has in memory besides the isle's. Filters are on: 2.
other=$(awk '/^[0-9a-f]+-[0-9a-f]+ / { isle = /memfd:isle/ } /^Rss:/ && !isle { sum += $2 } END { print sum + 0 }' \
	/proc/$pid/smaps)
tried="KiB besides isle memory: $other" status=0
[ "$other" -gt 100 ] && [ "$other" -le 5120 ]
report "the monitor takes $other KiB besides isle memory, at most 5120" $?
grep -q '^Seccomp:[[:space:]]*2' /proc/$pid/status
report "and is confined" $?
kill -TERM $pid
wait $pid 2> /dev/null
status=$? tried="kill -TERM"
holds "SIGTERM is the program's" "$status" -eq 143

# isle_kib FIELD: how much of isle memory is so, in the isle that waits.
isle_kib()
{
	awk -v field="$1:" '/^[0-9a-f]+-[0-9a-f]+ / { isle = /memfd:isle/ } $1 == field && isle && $2 > most { most = $2 }
		END { print most + 0 }' "/proc/$pid/smaps"
}

# Huge pages, whatever Linux's own choice is; a Linux that has none says so.
HERMIT_HUGEPAGE=all "$isle_run" "$probe" wait > "$temp/here" 2> "$temp/err" &
pid=$!
for _ in $(seq 300); do grep -q here "$temp/here" && break; [ ! -s "$temp/err" ] || break; sleep 0.1; done
if grep -q "could not be had in huge pages" "$temp/err"; then
	skip "$(sed 's/^isle-run: //' "$temp/err")"
else
	most=$(isle_kib ShmemPmdMapped)
	tried="KiB of isle memory in huge pages: $most" status=0
	[ "$most" -ge 32768 ]
	report "HERMIT_HUGEPAGE=all: all of isle memory is huge pages" $?
fi
kill -TERM $pid 2> /dev/null
wait $pid 2> /dev/null

# Memory that is all there from the start, and a thread for each virtual CPU that stays on a CPU of its own.
last=$(taskset -pc $$ | sed 's/.*[-,: ]//')
HERMIT_PREFAULT=1 HERMIT_CPUS=$last-$last "$isle_run" "$probe" wait > "$temp/here" 2> "$temp/err" &
pid=$!
for _ in $(seq 300); do grep -q here "$temp/here" && break; sleep 0.1; done
most=$(isle_kib Rss)
tried="KiB of isle memory present: $most" status=0
[ "$most" -ge 32768 ]
report "HERMIT_PREFAULT=1: all of isle memory is there" $?
pinned=$(grep -lx "Cpus_allowed_list:[[:space:]]*$last" /proc/$pid/task/*/status | wc -l)
all=$(find /proc/$pid/task -mindepth 1 -maxdepth 1 | wc -l)
tried="threads on CPU $last: $pinned of $all"
[ "$pinned" -ge 1 ] && [ "$pinned" -lt "$all" ]
report "a virtual CPU's thread stays on its CPU, the others do not" $?
kill -KILL $pid
wait $pid 2> /dev/null

# Exits: what comes back to the monitor, doorbells and halts, which KVM serves itself. KVM's own sum is not used:
# without hardware help it counts each fault and each of the host's interrupts.
# lean ARGUMENTS: few variables, because the C library looks at each
lean() {
	try timeout -s KILL 120 env -i PATH="$PATH" HERMIT_ISLE=uhyve HERMIT_CPUS=1 HERMIT_MEM=8M \
		${ISLE_IMAGE:+ISLE_IMAGE="$ISLE_IMAGE"} "$isle_run" --json "$@"
}
exits() { echo $(($(number monitor_exits) + $(number doorbells) + $(number kvm_halt_exits))); }
most=0 least=999999999
for _ in 1 2 3 4 5; do
	lean --kernel-args spin=1000 "$probe" exit 0
	few=$(exits) count=$(number kvm_insn_emulation)
	[ "$few" -le "$most" ] || most=$few
	[ "${count:-$least}" -ge "$least" ] || least=$count
	lean --kernel-args spin=0 "$probe" exit 0
	count=$(number kvm_insn_emulation)
	[ "${count:-$least}" -ge "$least" ] || least=$count
done
tried="exits: $most"
[ "$most" -gt 0 ] && [ "$most" -le 20 ]
report "from the first instruction to the end of a static program: $most exits, at most 20" $?
# Every instruction of the isle kernel, where KVM emulates them all.
if [ "$least" -lt 5000 ]; then
	skip "the processor runs the isle kernel itself, so KVM does not count its instructions (tests/counts does)"
else
	tried="instructions: $least"
	[ "$least" -le 60000 ]
	report "and $least instructions of the isle kernel, at most 60000" $?
fi

# Calls that Linux answers: a doorbell at most each, none if the worker polls, which it does for a while.
try isle --json "$probe" calls 0
none=$(number doorbells)
try isle --json "$probe" calls 500
some=$(number doorbells)
tried="doorbells of 500 calls: $((some - none))"
[ "$status" -eq 0 ] && [ $((some - none)) -le 502 ]
report "a forwarded call has at most one exit: $((some - none)) in 500 calls" $?
HERMIT_POLL=1000000 try isle --json "$probe" calls 500
polled=$(number doorbells)
tried="doorbells of 500 calls to a worker that polls: $((polled - none))"
[ "$status" -eq 0 ] && [ $((polled - none)) -le 25 ]
report "and none if its worker polls: $((polled - none)) in 500 calls" $?
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
