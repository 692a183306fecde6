# SPDX-License-Identifier: MIT
# lib.sh - TAP for scripts that try commands: `try`, then `expect_*`. Sourced with $ISLE_BUILD and $ISLE_SOURCE set.
# shellcheck shell=sh disable=SC2034
: "${ISLE_SOURCE:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${ISLE_BUILD:=$ISLE_SOURCE/build}"
islectl=$ISLE_BUILD/proxy/islectl
isle_run=$ISLE_BUILD/proxy/isle-run
export HWLOC_HIDE_ERRORS=2
unset HERMIT_ISLE HERMIT_CPUS HERMIT_MEM HERMIT_VERBOSE HERMIT_QEMU HERMIT_KVM HERMIT_MONITOR HERMIT_DEBUG HERMIT_PORT
unset HERMIT_QEMU_OPTIONS HWLOC_XMLFILE HWLOC_FSROOT
# No test here may touch a real device, should there be one.
ISLE_DEVICE=/nonexistent/isle
export ISLE_DEVICE
tests=0
temp=$(mktemp -d) || exit 99
trap 'rm -rf "$temp"' EXIT

# report NAME STATUS: one line of TAP; after a failure what the last try printed.
report() {
	tests=$((tests + 1))
	if [ "$2" -eq 0 ]; then echo "ok $tests - $1"; return; fi
	echo "not ok $tests - $1"
	echo "# $tried: status $status"
	sed 's/^/# stdout: /' "$temp/out"
	sed 's/^/# stderr: /' "$temp/err"
}

# skip REASON: a test that cannot be made here.
skip() {
	tests=$((tests + 1))
	echo "ok $tests # SKIP $1"
}

try() {
	tried=$*
	"$@" > "$temp/out" 2> "$temp/err" < /dev/null
	status=$?
}

# expect STATUS TEXT COMMAND...: it ends so and prints the text to one of the streams; nothing to the other if it fails.
expect() {
	want=$1 text=$2
	shift 2
	try "$@"
	name=$(echo "$*" | sed "s|$ISLE_BUILD/proxy/||g")
	[ "$status" -eq "$want" ] && grep -qF -e "$text" "$temp/out" "$temp/err" &&
		{ [ "$want" -ne 2 ] || { [ ! -s "$temp/out" ] && [ "$(wc -l < "$temp/err")" -eq 1 ]; }; }
	report "$name: status $want, says '$text'" $?
}

finish() {
	echo "1..$tests"
}
