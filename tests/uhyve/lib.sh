# SPDX-License-Identifier: MIT
# lib.sh - what the scripts share: TAP as in tests/tools, every run bounded, a skip where /dev/kvm does not open.
# shellcheck shell=bash disable=SC2154,SC2034
# shellcheck source-path=SCRIPTDIR source=../tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
probe=$ISLE_BUILD/tests/uhyve/probe
export HERMIT_ISLE=uhyve HERMIT_CPUS=1 HERMIT_MEM=32M
isle() { timeout -s KILL 120 "$isle_run" "$@"; }
# Only this is a reason to skip: all that fails behind it is a failure.
if ! (: <> /dev/kvm) 2> /dev/null; then
	echo "1..0 # SKIP /dev/kvm does not open: $( (: <> /dev/kvm) 2>&1 | sed 's/.*: //')"
	exit 0
fi
# number NAME: a field of the JSON object in the last try's errors
number() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$temp/err" | tail -n 1; }
# KVM emulates the isle kernel instruction by instruction: more differs there, and many calls take long.
is_soft() { try isle --json "$probe" exit 0; [ "$(number kvm_insn_emulation)" -gt 5000 ]; }
# holds NAME CONDITION...: one line of TAP
holds() { name=$1; shift; [ "$@" ]; report "$name" $?; }
