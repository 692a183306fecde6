#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - breaks one property at a time on purpose, and checks that a test notices.
# Works on a copy of the tree with a build of its own; each row of mutants.txt is one TAP result, ok if the tests
# named in it failed. Slow (a module build and a machine a row): a target of its own, `make -C build/tests/mutants mutants`.
#   run.sh [NAME...]     only these rows
set -u
here=$(dirname "$(readlink -f "$0")")
top=$(cd "$here/../.." && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/mutants.XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

result() { # ok|'not ok' NAME
	count=$((count + 1))
	[ "$1" = ok ] || failed=1
	echo "$1 $count - $2"
}

# The tree without its builds, and one build of it for the kernel that run-vm takes.
prepare() {
	local linux

	mkdir "$dir/src" "$dir/build" || return
	(cd "$top" && tar -c --exclude=./build --exclude=./.git .) | tar -x -C "$dir/src" || return
	[ -x "$dir/src/configure" ] || (cd "$dir/src" && autoreconf -fi) || return
	linux=$("$top/setup" --print | sed -n '1s|^kernel .* headers \(/[^ ]*\).*|\1|p')
	(cd "$dir/build" && ../src/configure --quiet "--with-linux=$linux") &&
		make -C "$dir/build" -j2 && make -C "$dir/build/tests/module" -j2 check TESTS=
}

# Runs a row's tests in a machine: what they print is in $dir/out.
tests_run() { # OPTIONS PROGRAM...
	local options=$1
	shift
	# shellcheck disable=SC2086 # options and programs are words
	ISLE_BUILD=$dir/build TEST_PROGRAMS=$dir/build/tests/module "$dir/src/tests/vm/run-vm" --build "$dir/build" \
		--timeout 300 $options -- "$dir/src/tests/module/in-machine" "$@" > "$dir/out" 2>&1
}

rows() { # NAME...: the rows that are asked for, without comments
	awk -F'\t' -v names=" $* " '!/^#/ && NF && (names == "  " || index(names, " " $1 " "))' "$here/mutants.txt"
}

# Without a mutant the tests must pass: else what is noticed could be anything.
whole() { # OPTIONS PROGRAM
	tests_run "$1" "$2" && grep -q '^ok' "$dir/out" && ! grep -qE '^not ok|^## end [1-9]' "$dir/out"
}

# True if one of the tests failed, as it should, or the machine did not survive them.
noticed() { # OPTIONS PROGRAM
	tests_run "$1" "$2"
	grep -E '^not ok|^## end [1-9]' "$dir/out" | head -n 3 | sed 's/^/# /' > "$dir/why"
	[ -s "$dir/why" ] || grep -q '^run-vm: the machine' "$dir/out"
}

mutant() { # NAME FILE EXPRESSION REPLACEMENT OPTIONS PROGRAMS
	local file=$dir/src/$2

	cp -p "$file" "$dir/saved"
	sed -E "s~$3~$4~" "$dir/saved" > "$file"
	if cmp -s "$file" "$dir/saved"; then
		result 'not ok' "$1: its expression fits nothing in $2 any more"
	elif ! make -C "$dir/build/${2%%/*}" > "$dir/log" 2>&1; then
		result 'not ok' "$1: does not compile"
		tail -n 3 "$dir/log" | sed 's/^/# /'
	elif noticed "$5" "$6"; then
		result ok "$1 is noticed by $6"
		cat "$dir/why"
	else
		result 'not ok' "$1 is not noticed by $6"
	fi
	# A new time, so that the next build compiles it again.
	cat "$dir/saved" > "$file"
}

prepare > "$dir/log" 2>&1 || { tail -n 5 "$dir/log"; echo "Bail out! the copy does not build"; exit 99; }
while IFS=$'\t' read -r options programs; do
	if whole "$options" "$programs"; then
		result ok "$programs passes without a mutant"
	else
		result 'not ok' "$programs passes without a mutant"
		tail -n 5 "$dir/out" | sed 's/^/# /'
	fi
done < <(rows "$@" | cut -f 5,6 | sort -u)
while IFS=$'\t' read -r name file expression replacement options programs; do
	mutant "$name" "$file" "$expression" "$replacement" "$options" "$programs"
done < <(rows "$@")
echo "1..$count"
exit $failed
