# SPDX-License-Identifier: MIT
# lib.sh - what the scripts share: TAP as in tests/tools, every run bounded, a skip where KVM cannot be used.
# shellcheck shell=bash disable=SC2154,SC2034
# shellcheck source-path=SCRIPTDIR source=../tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
probe=$ISLE_BUILD/tests/uhyve/probe
export HERMIT_ISLE=uhyve HERMIT_CPUS=1 HERMIT_MEM=32M
isle() { timeout -s KILL 120 "$isle_run" "$@"; }
try isle --kernel-args stop
if [ "$status" -ne 0 ]; then
	echo "1..0 # SKIP $(tail -n 1 "$temp/err" | sed 's/^isle-run: //')"
	exit 0
fi
# number NAME: a field of the JSON object in the last try's errors
number() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$temp/err" | tail -n 1; }
# holds NAME CONDITION...: one line of TAP
holds() { name=$1; shift; [ "$@" ]; report "$name" $?; }
