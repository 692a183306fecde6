# SPDX-License-Identifier: MIT
# hosts.sh - one TAP stream from scripts that run isles on this machine, in QEMU and in KVM. What is the same on bare
# cores runs there by tests/lib/tap.sh. A platform that cannot be had is a skip with the reason.
# shellcheck shell=bash
hosts_here=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
ISLE_BUILD=$(cd "${top_builddir:-$hosts_here/../../build}" && pwd)
PATH=$ISLE_BUILD/proxy:$PATH
ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf
export ISLE_BUILD ISLE_IMAGE PATH
hosts_out=$(mktemp) || exit 99
trap 'rm -f "$hosts_out"' EXIT
hosts_n=0

# hosts_missing PLATFORM: why it cannot be had
hosts_missing() {
	case $1 in
	qemu) command -v qemu-system-x86_64 > /dev/null || echo "qemu-system-x86_64 is not installed" ;;
	uhyve) (: <> /dev/kvm) 2> /dev/null || echo "/dev/kvm does not open" ;;
	esac
}

hosts_skip() { hosts_n=$((hosts_n + 1)); echo "ok $hosts_n - $1 # SKIP $2"; }

# on_hosts SECONDS SCRIPT: it prints TAP, for each platform in HERMIT_ISLE.
on_hosts() {
	local platform why ran
	for platform in qemu uhyve; do
		why=$(hosts_missing $platform)
		if [ -n "$why" ]; then
			hosts_skip "$platform: ${2##*/}" "$why"
			continue
		fi
		hosts_n=$((hosts_n + 1))
		if HERMIT_ISLE=$platform timeout 120 isle-run /bin/true > "$hosts_out" 2>&1; then
			echo "ok $hosts_n - $platform: a program runs"
		else
			echo "not ok $hosts_n - $platform: a program runs"
			sed 's/^/# /' "$hosts_out"
			continue
		fi
		HERMIT_ISLE=$platform timeout "$1" bash "$2" > "$hosts_out" 2>&1
		# One numbering for all platforms.
		awk -v n="$hosts_n" -v p="$platform" '
			/^(not )?ok / { sub(/ok [0-9]+ - /, "ok " ++n " - " p ": ") } !/^1\.\./' "$hosts_out"
		ran=$(grep -cE '^(not )?ok ' "$hosts_out")
		hosts_n=$((hosts_n + ran))
		if [ "$ran" -eq 0 ] || ! grep -q '^1\.\.' "$hosts_out"; then
			hosts_n=$((hosts_n + 1))
			echo "not ok $hosts_n - $platform: ${2##*/} did not come to its end"
		fi
	done
}

hosts_end() { echo "1..$hosts_n"; }
