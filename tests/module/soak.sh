#!/bin/bash
# SPDX-License-Identifier: MIT
# soak.sh SECONDS SEED - inside the machine: makes the list of programs for random-programs: those of the conformance
# set that need no arguments and end with 0.
here=$(cd "$(dirname "$0")" && pwd)
list=$(mktemp) || exit 99
trap 'rm -f "$list"' EXIT
bin=$ISLE_BUILD/tests/conform/bin
# What the heads of the sources say, as tests/conform/run.sh reads it.
cd "$here/../conform" || exit 99
awk 'FNR > 25 { nextfile }
	match($0, /^ \* (cases|args): /) { f = FILENAME; sub(/\.c$/, "", f); print f }' ./*/*.c | sed 's/^\.\///' > "$list.no"
grep -vh '^#' differences not-yet | awk 'NF { sub(/@.*/, "", $1); print $1 }' >> "$list.no"
for program in "$bin"/*/*; do
	name=${program#"$bin/"}
	case $name in *.so | *.skip) continue ;; esac
	[ -x "$program" ] && ! grep -qxF "${name%.static*}" "$list.no" && echo "$program 0"
done > "$list"
rm -f "$list.no"
"$TEST_SOAK/random-programs" "$list" "${1:-60}" "${2:-1}"
