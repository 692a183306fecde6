#!/bin/bash
# SPDX-License-Identifier: MIT
# paths.t - no path of the isle kernel takes more instructions than bench/paths/reference says.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

try "$ISLE_SOURCE/bench/paths/run.sh" --build "$ISLE_BUILD" --reference
if [ "$status" -eq 77 ]; then
	echo "1..0 # SKIP $(head -n 1 "$temp/err")"
	exit 0
fi
[ "$status" -eq 0 ]
report "the table can be made" $?
cp "$temp/out" "$temp/table"
: > "$temp/err"
while read -r name least; do
	case $name in '' | '#'*) continue ;; esac
	# Linux answers within these.
	case $name in program-to-main) percent=25 ;; forwarded-call) percent=25 ;; *) percent=1 ;; esac
	count=$(sed -n "s/^$name //p" "$temp/table")
	tried="$name: ${count:-none}, the reference has $least"
	# Two more for rounding: getpid has 49.
	[ -n "$count" ] && [ "$count" -le $((least + least * percent / 100 + 2)) ]
	report "$name: ${count:-no} instructions, at most $percent % more than $least" $?
	[ -z "$count" ] || [ "$count" -ge $((least - least * percent / 100 - 2)) ] ||
		echo "# $name got shorter: put it into bench/paths/reference"
done < "$ISLE_SOURCE/bench/paths/reference"
finish
