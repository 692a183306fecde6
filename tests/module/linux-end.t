#!/bin/sh
# SPDX-License-Identifier: MIT
# linux-end.t - Linux ends with running isles: powered off, rebooted, or in a panic; it must not
# hang. Seen from outside: the machine is gone before its time is up, and its last words are those
# of an end in order. Breakages it catches: a notifier that waits for an isle without bound, or
# none, so that an isle's cores go on or answer into a Linux that is no more.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh disable=SC2154
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"

# ends HOW WORDS
ends()
{
	if [ "${TEST_MACHINES:-yes}" = no ]; then
		result ok "$1" 'SKIP no machines: TEST_MACHINES=no'
		return
	fi
	status=0
	"$tap_run_vm" --build "$ISLE_BUILD" --cpus 4 --timeout 90 --console "$tap_dir/console" \
		-- "$TEST_PROGRAMS/linux-end" "$1" >"$tap_dir/out" 2>"$tap_dir/err" || status=$?
	case $status in
	77 | 122 | 126)
		result ok "$1" "SKIP $(sed -n '1s/^run-vm: //p' "$tap_dir/err")"
		return ;;
	esac
	if [ "$status" = 125 ] && grep -q '^isles run' "$tap_dir/out" &&
		! grep -q 'linux-end:' "$tap_dir/out" && grep -q "$2" "$tap_dir/console" &&
		! grep -q -E "$3" "$tap_dir/console"; then
		result ok "$1 with running isles"
	else
		comment "$tap_dir/out" "$tap_dir/err"
		echo "# run-vm ended with status $status; 125 and \`$2' on the console were expected"
		tail -n 30 "$tap_dir/console" | comment
		result 'not ok' "$1 with running isles"
	fi
}

ends poweroff 'reboot: Power down' 'WARNING:|BUG:|Oops'
ends reboot 'reboot: Restarting system' 'WARNING:|BUG:|Oops'
ends panic 'Kernel panic - not syncing: sysrq' 'WARNING:|BUG:'
tap_end
