#!/bin/bash
# SPDX-License-Identifier: MIT
# bad.t - what cannot be had is refused in a sentence, and what goes wrong in a machine ends cleanly.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

ISLE_KVM=/nonexistent expect 125 "there is no KVM" isle "$probe" hello
ISLE_KVM=/dev/null expect 125 "is not KVM" isle "$probe" hello
if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
	: > "$temp/kvm"
	chmod 711 "$temp"
	chmod 600 "$temp/kvm"
	ISLE_KVM=$temp/kvm expect 125 "may not be opened" timeout -s KILL 60 setpriv --reuid 65534 --clear-groups \
		"$isle_run" --kernel-args stop
else
	tests=$((tests + 1))
	echo "ok $tests # SKIP only root can become somebody without rights"
fi
HERMIT_MEM=2M expect 125 "of memory at least" isle "$probe" hello
HERMIT_MEM=99999G expect 125 "this machine has only" isle "$probe" hello
HERMIT_HUGEPAGE=hugetlb expect 2 "HERMIT_HUGEPAGE is 0, 1 or all" isle "$probe" hello
HERMIT_HUGEPAGE=0 expect 0 "hello from an isle" isle "$probe" hello
HERMIT_POLL=x expect 2 "HERMIT_POLL" isle "$probe" hello
HERMIT_CPUS=257 expect 2 "at most 256" isle "$probe" hello
HERMIT_CPUS=999-1000 expect 2 "CPU 999 is not one" isle "$probe" hello

# A KVM that refuses what the start asks for, one request after the other.
export LD_PRELOAD=$ISLE_BUILD/tests/uhyve/refusal.so
KVM_MAX_VCPUS=1 HERMIT_CPUS=2 expect 125 "2 CPUs were asked for, but KVM allows a machine 1" isle "$probe" hello
export HERMIT_CPUS=2
KVM_COUNT=$temp/count expect 0 "hello from an isle" isle "$probe" hello
requests=$(cat "$temp/count") silent=''
for n in $(seq "${requests:-0}") run; do
	KVM_REFUSES=$n try isle "$probe" hello
	# What helps only may be missing.
	[ "$status" -ne 0 ] || { helps=$((${helps:-0} + 1)); continue; }
	[ "$status" -eq 125 ] && [ ! -s "$temp/out" ] && grep -q '^isle-run: ' "$temp/err" &&
		[ "$(wc -l < "$temp/err")" -eq 1 ] || silent+=" $n"
done
unset LD_PRELOAD
export HERMIT_CPUS=1
tried="without request$silent of $requests, where ${helps:-0} only help (below: the last)"
[ "${requests:-0}" -ge 20 ] && [ -z "$silent" ] && [ "${helps:-0}" -le 5 ]
report "a KVM that refuses: one sentence and 125, whichever of $requests requests it was" $?

expect 125 "triple fault" isle --kernel-args inject=triplefault
grep -q 'rip [0-9a-f]\{16\} cs' "$temp/err"
report "with the registers" $?
try isle --json --kernel-args "stop inject=ports"
holds "garbage to every port harms nobody" "$status" -eq 0
holds "and reached the monitor" "$(number port)" -gt 1000
expect 125 "panicked: panic: injected" isle --kernel-args inject=panic
# It may stop, panic, or break the contract so that the proxy takes it back: which of them is chance, that it is said
# is not.
try timeout --preserve-status -s TERM -k 60 5 "$isle_run" --kernel-args inject=scribble
[ "$status" -eq 125 ] && grep -q '^isle-run: the isle ' "$temp/err"
report "garbage over all that is shared: it still ends when told to, and says how" $?
expect 125 "was not up after 500 ms" isle --start-timeout 500 --kernel-args inject=boothang
finish
