#!/bin/bash
# SPDX-License-Identifier: MIT
# man.t - the manual pages are well-formed, and name every option that the tools have, and no other.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
man=$ISLE_SOURCE/proxy/man
status=0 tried=man
: > "$temp/out"; : > "$temp/err"

for page in isle-run.1 islectl.8 isle.4; do
	if command -v mandoc > /dev/null; then
		mandoc -T lint -W warning "$man/$page" > "$temp/out" 2>&1
		status=$?
		report "$page: mandoc has nothing to say" $status
	fi
	if command -v man > /dev/null; then
		LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$man/$page" > /dev/null 2> "$temp/err"
		[ ! -s "$temp/err" ]
		report "$page: man has nothing to say" $?
	fi
done

# Options of a --help, and of a part of a page: "-c --cpus", one a line.
of_help() {
	sed -nE 's/^ +(-(.), )?--([a-z-]+).*/\2 \3/p' | sort
}
of_page() {
	sed -nE 's/^\.It Fl (([A-Za-z]) , Fl )?-([a-z-]+).*/\2 \3/p' | sort
}
compare() {
	diff "$temp/help" "$temp/page" > "$temp/out"
	report "$1: the page lists the options of --help" $?
}

"$isle_run" --help | of_help > "$temp/help"
of_page < "$man/isle-run.1" > "$temp/page"
compare isle-run
# --help of each command is described once for all.
for c in reserve release list status log stats doctor; do
	"$islectl" "$c" --help | of_help | grep -v ' help$' > "$temp/help"
	awk -v c=".Ss $c" '$0 == c { on = 1; next } /^\.S[sh]/ { on = 0 } on' "$man/islectl.8" | of_page > "$temp/page"
	compare "islectl $c"
done
for v in $(grep -hoE '\b(HERMIT|ISLE)_[A-Z_]+' "$ISLE_SOURCE"/proxy/config.c "$ISLE_SOURCE"/proxy/image.c | grep -vE \
	'ISLE_(CMDLINE|TIMEOUT|IMAGE_|PLAT|KBASE|MAX)' | sort -u); do
	grep -qE "^\.(It )?Ev $v" "$man/isle-run.1"
	report "isle-run.1 describes $v" $?
done
finish
