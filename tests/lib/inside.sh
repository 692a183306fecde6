# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# inside.sh - what scripts share that run inside a test machine: a folder $dir of their own, the reserve given back at the
# end, lines of TAP. Sourced.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"; islectl release > /dev/null' EXIT
n=0

# result NAME COMMAND...: the command's status decides
result() {
	local name=$1 verdict=ok
	shift
	"$@" > /dev/null 2>&1 || verdict="not ok"
	n=$((n + 1))
	echo "$verdict $n - $name"
}

# value FILE KEY: the first number of that name in a file of JSON in $dir
value() { grep -oE "\"$2\": ?[0-9]+" "$dir/$1" | head -n 1 | grep -oE '[0-9]+$'; }
