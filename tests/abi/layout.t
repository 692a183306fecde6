#!/bin/sh
# SPDX-License-Identifier: MIT
# layout.t - no offset, size or number of the contract changes unless the revision does.
# The layout is what the debugger reads from compiled code, so nobody has to keep a list: gdb prints every
# struct of the headers with offsets and holes. layout.golden is the layout of the revision named in it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
abi=$here/../../abi

layout() {
	tmp=$(mktemp -d) || exit 99
	structs=$(sed -n 's/^struct \([a-z_]*\) {.*/\1/p' "$abi"/isle/*.h | LC_ALL=C sort -u)
	{
		for h in "$abi"/isle/*.h; do echo "#include <isle/$(basename "$h")>"; done
		for s in $structs; do echo "struct $s the_$s;"; done
	} > "$tmp/layout.c"
	"${CC:-cc}" -std=gnu11 -g -c -I"$abi" -o "$tmp/layout.o" "$tmp/layout.c" || exit 99
	sed -n 's/^#define ISLE_ABI_REVISION *\([0-9]*\)u/revision \1/p' "$abi/isle/version.h"
	# ioctl numbers carry the size; enums and constants carry meaning
	"${CC:-cc}" -std=gnu11 -E -dM -I"$abi" "$tmp/layout.c" |
		grep -E '^#define ISLE_(VECTOR|STATE|REQUEST|BELL|IOC|LIFE|NOTE|KBASE|PARK|IMAGE_MAX|ROUTE|MAX|WINDOW_SIZE)' |
		grep -v '_H ' | LC_ALL=C sort | tr -s ' '
	grep -hoE 'ISLE_[A-Z0-9_]+ *= *[0-9]+' "$abi"/isle/*.h | tr -s ' ' | LC_ALL=C sort
	for s in $structs; do
		gdb -nx -batch -ex "ptype /o struct $s" "$tmp/layout.o" 2>/dev/null | sed 's/type = //; s/ *$//'
	done
	rm -rf "$tmp"
}

if [ "${1:-}" = --print ]; then layout; exit; fi
echo 1..3
if ! command -v gdb > /dev/null; then
	for i in 1 2 3; do echo "ok $i # SKIP gdb is not installed: it reads the layout"; done
	exit 0
fi
new=$(mktemp)
layout > "$new"
if [ "$(head -n 1 "$new")" = "$(head -n 1 "$here/layout.golden")" ]; then
	if diff -u "$here/layout.golden" "$new" > "$new.diff"; then
		echo "ok 1 - layout is that of its revision"
	else
		echo "not ok 1 - layout is that of its revision"
		sed 's/^/# /' "$new.diff"
		echo "# the contract changed: increment ISLE_ABI_REVISION, then make layout-update"
	fi
	rm -f "$new.diff"
else
	echo "not ok 1 - layout is that of its revision"
	echo "# the revision changed: make layout-update"
fi
if holes=$(grep -n 'XXX.*hole' "$new"); then echo "not ok 2 - no hidden holes"; echo "$holes" | sed 's/^/# /'
else echo "ok 2 - no hidden holes"; fi
# Fixed-width integers, chars and structs of them only.
if odd=$(grep -nE '^/\*.*\*/ +(unsigned |signed )?(long|int|short|size_t|ssize_t|off_t|_Bool|bool|enum|void|time_t)\b|\*[a-z_]+;' "$new")
then echo "not ok 3 - only fixed-width fields"; echo "$odd" | sed 's/^/# /'
else echo "ok 3 - only fixed-width fields"; fi
rm -f "$new"
