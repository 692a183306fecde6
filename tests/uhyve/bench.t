#!/bin/bash
# SPDX-License-Identifier: MIT
# bench.t - make bench-uhyve runs, and its kernels compute what they should on both sides. How fast they are is not
# asserted: the machine that runs tests is shared, and times on it say little.
# shellcheck disable=SC2154 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=../tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"

try timeout -k 5 400 "$ISLE_SOURCE/bench/uhyve/run.sh" --build "$ISLE_BUILD" --small --pairs 2
if [ "$status" -eq 77 ]; then
	echo "1..0 # SKIP $(head -n 1 "$temp/err")"
	exit 0
fi
for kernel in triad compute; do
	[ "$status" -eq 0 ] && grep -qE "^$kernel +[0-9.]+ +[0-9.]+ +[0-9.]+   [0-9.]+ [0-9.]+$" "$temp/out"
	report "$kernel runs and is right in an isle and on Linux, two pairs" $?
done
sed 's/^/# /' "$temp/out"
finish
