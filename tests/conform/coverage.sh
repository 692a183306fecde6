#!/bin/bash
# SPDX-License-Identifier: MIT
# coverage.sh - which system calls each program makes beyond those of every program, by strace; prints syscalls.txt.
# Calls that real programs make (wanted-calls.txt) and no program here are listed at its top as gaps.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$here
[ "${1:-}" != --build ] || build=$(cd "$2" && pwd)
command -v strace > /dev/null || { echo "coverage.sh: strace is not installed" >&2; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work

# calls COMMAND...: the names of the calls that it and its threads make
calls() {
	(
		ulimit -c 0
		timeout 60 strace -f -qq -o "$work/log" -e signal=none "$@" < /dev/null > /dev/null 2>&1
	) 2> /dev/null
	sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$work/log" | LC_ALL=C sort -u
}

printf 'int main(void) { return 0; }\n' | cc -x c - -o "$work/empty" || exit 1
calls "$work/empty" > "$work/base"
for program in "$build"/bin/*/*; do
	name=${program#"$build/bin/"}
	case $name in *.static*|*.so|*.skip|languages/*) continue ;; esac
	[ -x "$program" ] || continue
	head=$(sed -n '1,25p' "$here/$name.c")
	cases=$(printf '%s\n' "$head" | sed -n 's/^ \* cases: //p')
	for case in ${cases:-=0}; do
		argument=${case%=*}
		calls "$program" ${argument:+"$argument"}
	done | LC_ALL=C sort -u > "$work/calls"
	echo "$name: $(LC_ALL=C comm -13 "$work/base" "$work/calls" | paste -s -d ' ')"
done > "$work/table"
cat "$work/base" > "$work/all"
sed 's/^[^:]*: *//' "$work/table" | tr ' ' '\n' >> "$work/all"
LC_ALL=C sort -u "$work/all" | sed '/^$/d' > "$work/covered"
echo "# Made by make coverage: the calls each program makes beyond those of every program, and the gaps."
echo "every program: $(paste -s -d ' ' "$work/base")"
echo "covered: $(wc -l < "$work/covered") calls"
echo "gaps: $(sed -n 's/^\([a-z].*\):.*/\1/p' "$here/wanted-calls.txt" | LC_ALL=C sort -u | LC_ALL=C comm -13 "$work/covered" - | paste -s -d ' ')"
echo
cat "$work/table"
