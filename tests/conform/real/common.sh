# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# common.sh - what the scripts of this folder share. Each takes a command prefix as arguments (none: Linux itself), runs
# a program of the distribution behind it and prints what must be the same in every run: all of the program's output
# where that can be, else `ok ...` lines about it. Or `skip REASON`. $REAL_BIN is where programs.mk put real-bin/.
set -u
REAL_BIN=${REAL_BIN:-$(cd "$(dirname "$0")/.." && pwd)/real-bin}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# need PROGRAM...: or the script ends here
need() {
	for program; do
		command -v "$program" > /dev/null 2>&1 || { echo "skip $program is not installed"; exit 0; }
	done
}

# built NAME: the path of what programs.mk made, into $path; or the script ends here
built() {
	path=$REAL_BIN/$1
	[ -e "$path" ] || { echo "skip $(cat "$path.skip" 2> /dev/null || echo "$1 is not built")"; exit 0; }
}

# ok NAME COMMAND...: the command's status decides
ok() {
	name=$1
	shift
	if "$@" > "$work/why" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$work/why" | tail -n 20 >&2
		bad=1
	fi
}

# ended STATUS FILE: says so; if it was another one, what FILE holds goes to standard error
ended() {
	echo "status $1"
	[ "$1" = 0 ] || tail -n 20 "$2" >&2
}

# says FILE PATTERN...: the file has a line for each extended pattern
says() {
	file=$1
	shift
	for pattern; do
		grep -qE -e "$pattern" "$file" || { echo "no line has $pattern:"; cat "$file"; return 1; }
	done
}

# cores: how many threads to use, two at most
cores() { if [ "$(nproc)" -ge 2 ]; then echo 2; else echo 1; fi; }

# The last line of every script.
finish() { exit "$bad"; }
