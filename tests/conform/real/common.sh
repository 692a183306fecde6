# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# common.sh - what the scripts of this folder share. Each takes a command prefix as arguments (none: Linux itself), runs
# a program of the distribution behind it and prints `ok ...` lines that are the same in every run, or `skip REASON`.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# need PROGRAM...: or the script ends here
need() {
	for program; do
		command -v "$program" > /dev/null 2>&1 || { echo "skip $program is not installed"; exit 0; }
	done
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
