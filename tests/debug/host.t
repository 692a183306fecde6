#!/bin/sh
# SPDX-License-Identifier: MIT
# host.t - gdb and core files with a program in QEMU and in the KVM monitor, on this machine.
here=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
build=$(cd "${top_builddir:-$here/../../build}" && pwd)
PATH=$build/proxy:$PATH
ISLE_IMAGE=$build/isle-kernel/isle.elf
DEBUG_BIN=$build/tests/debug
export PATH ISLE_IMAGE DEBUG_BIN
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT
n=0
# missing PLATFORM: says what it lacks on this machine, the only reasons to skip; nothing if it has all.
missing() {
	command -v gdb > /dev/null || { echo "gdb is not installed"; return; }
	case $1 in
	qemu) command -v qemu-system-x86_64 > /dev/null || echo "qemu-system-x86_64 is not installed" ;;
	uhyve) (: <> /dev/kvm) 2> /dev/null || echo "/dev/kvm does not open" ;;
	esac
}

for platform in qemu uhyve; do
	why=$(missing $platform)
	n=$((n + 1))
	if [ -n "$why" ]; then
		echo "ok $n - $platform # SKIP $why"
		continue
	fi
	if HERMIT_ISLE=$platform timeout 120 isle-run /bin/true > "$out" 2>&1; then
		echo "ok $n - $platform: a program runs"
	else
		echo "not ok $n - $platform: a program runs"
		sed 's/^/# /' "$out"
		continue
	fi
	HERMIT_ISLE=$platform timeout 600 bash "$here/sessions.sh" > "$out" 2>&1
	# One numbering for all platforms.
	awk -v n="$n" -v p="$platform" '/^(not )?ok / { sub(/ok [0-9]+ - /, "ok " ++n " - " p ": ") } !/^1\.\./' "$out"
	ran=$(grep -cE '^(not )?ok ' "$out")
	n=$((n + ran))
	if [ "$ran" -eq 0 ] || ! grep -q '^1\.\.' "$out"; then
		n=$((n + 1))
		echo "not ok $n - $platform: the sessions did not come to their end"
	fi
done
echo "1..$n"
