#!/bin/sh
# SPDX-License-Identifier: MIT
# list.t - `list` names scripts that there are and that make check runs, and docs/platforms.md has its table. Catches:
# a test that left one platform without a word.
tests=$(cd "${srcdir:-$(dirname "$0")}/.." && pwd)
docs=$tests/../docs/platforms.md
n=0
result() { # NAME WRONG
	n=$((n + 1))
	if [ -z "$2" ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; printf '%s\n' "$2" | sed 's/^/# /'; fi
}

result "each test has a cell for each platform" \
	"$(awk -F ' [|] ' '!/^#/ && NF != 4 { print FNR ": " $0 }' "$tests/isle/list")"
result "who is without a script has a reason" \
	"$(awk -F ' [|] ' '!/^#/ { for (i = 2; i <= 4; i++)
		if ($i !~ /^- [a-zA-Z]+ .* / && $i !~ "^[a-z]+/[a-z-]+[.]t$") print $1 ": " $i }' "$tests/isle/list")"
result "make check runs each script" "$(
	grep -v '^#' "$tests/isle/list" | grep -oE '[a-z]+/[a-z-]+\.t' | sort -u | while read -r script; do
		[ -f "$tests/$script" ] || echo "$script: there is no such script"
		awk -v name="${script##*/}" '/^TESTS/ { on = 1 } on { for (i = 1; i <= NF; i++) if ($i == name) found = 1 }
			!/\\$/ { on = 0 } END { exit !found }' "$tests/${script%/*}/Makefile.am" ||
			echo "$script: TESTS of its Makefile.am lacks it"
	done)"
lacking=
awk -f "$tests/isle/table.awk" "$tests/isle/list" > "${TMPDIR:-/tmp}/list.$$"
while IFS= read -r line; do
	grep -qxF "$line" "$docs" || lacking="$lacking$line
"
done < "${TMPDIR:-/tmp}/list.$$"
rm -f "${TMPDIR:-/tmp}/list.$$"
result "docs/platforms.md has the table" "$lacking"
echo "1..$n"
