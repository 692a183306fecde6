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

# Exits: what comes back to the monitor, doorbells and halts, which KVM serves itself. KVM's own sum is not used:
# without hardware help it counts each fault and each of the host's interrupts.
# lean ARGUMENTS: few variables, because the C library looks at each
lean() {
	try timeout -s KILL 120 env -i PATH="$PATH" HERMIT_ISLE=uhyve HERMIT_CPUS=1 HERMIT_MEM=8M \
		${ISLE_IMAGE:+ISLE_IMAGE="$ISLE_IMAGE"} "$isle_run" --json "$@"
}
exits() { echo $(($(number monitor_exits) + $(number doorbells) + $(number kvm_halt_exits))); }
most=0 least=999999999
for _ in 1 2 3; do
	lean --kernel-args spin=1000 "$probe" exit 0
	few=$(exits) count=$(number kvm_insn_emulation)
	[ "$few" -le "$most" ] || most=$few
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
