# SPDX-License-Identifier: MIT
# lib.sh - TAP for isles in QEMU. Sourced; sets isle_run, and leaves with a skip where there is no QEMU.
# shellcheck shell=bash disable=SC2034
# shellcheck source-path=SCRIPTDIR source=../tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
probe=$ISLE_BUILD/tests/qemu/probe
export HERMIT_ISLE=qemu HERMIT_CPUS=2 HERMIT_MEM=64M ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf

if ! command -v qemu-system-x86_64 > /dev/null; then
	echo "1..0 # SKIP qemu-system-x86_64 is not installed"
	exit 0
fi
if [ ! -e "$ISLE_IMAGE" ]; then
	echo "1..0 # SKIP the isle kernel is not built"
	exit 0
fi

# on_isle STATUS TEXT COMMAND...: runs it on an isle; it must end so, and print the text.
on_isle() {
	local want=$1 text=$2
	shift 2
	expect "$want" "$text" timeout -k 5 60 "$isle_run" "$@"
}

# ends STATUS COMMAND...: runs it on an isle; it must end so.
ends() {
	local want=$1
	shift
	try timeout -k 5 60 "$isle_run" "$@" 2> /dev/null
	[ "$status" -eq "$want" ]
	report "${*##*/}: status $want" $?
}

# The processes of an isle-run: sets guard and qemu. Waits until they are there.
family() {
	local i
	for i in $(seq 100); do
		guard=$(pgrep -P "$1" | head -n 1)
		qemu=${guard:+$(pgrep -P "$guard" | head -n 1)}
		[ -z "$qemu" ] || return 0
		sleep 0.05
	done
	return 1
}

# give_up NAME: this cannot be, and nothing that follows would mean anything.
give_up() {
	status=1 tried=$1
	report "$1" 1
	finish
	exit 1
}

# gone GUARD QEMU: true when both are gone, or dead and only not yet waited for; waits for that, with a bound.
gone() {
	local i pid alive
	[ -n "${1:-}" ] && [ -n "${2:-}" ] || return 1
	for i in $(seq 100); do
		alive=
		for pid in "$@"; do
			case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$pid/status" 2> /dev/null) in
			'' | Z*) ;;
			*) alive=yes ;;
			esac
		done
		[ -n "$alive" ] || return 0
		sleep 0.05
	done
	return 1
}

# until_line FILE TEXT: waits for it, with a bound.
until_line() {
	local i
	for i in $(seq 400); do
		grep -q -e "$2" "$1" && return 0
		sleep 0.05
	done
	return 1
}
