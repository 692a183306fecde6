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
for platform in qemu uhyve; do
	why=$(HERMIT_ISLE=$platform timeout 60 isle-run /bin/true 2>&1) || {
		n=$((n + 1))
		echo "ok $n - $platform # SKIP $why"
		continue
	}
	HERMIT_ISLE=$platform timeout 600 bash "$here/sessions.sh" > "$out" 2>&1
	# One numbering for all platforms.
	awk -v n="$n" -v p="$platform" '/^(not )?ok / { sub(/ok [0-9]+ - /, "ok " ++n " - " p ": ") } !/^1\.\./' "$out"
	n=$((n + $(grep -cE '^(not )?ok ' "$out")))
	grep -q '^1\.\.' "$out" || { n=$((n + 1)); echo "not ok $n - $platform: the sessions did not come to their end"; }
done
echo "1..$n"
