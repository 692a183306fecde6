#!/bin/sh
# SPDX-License-Identifier: MIT
# cyclictest.sh [COMMAND...] - absolute sleeps of two threads with a priority, and of two without, measured by cyclictest
# (rt-tests).
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need cyclictest
# It takes the CPUs below the number of those online for the ones it has. On Linux this says nothing.
export HERMIT_CPU_NUMBERS=isle
for policy in fifo other; do
	priority=0
	[ $policy = other ] || priority=80
	"$@" cyclictest -q -t 2 -d 0 -i 2000 -l 50 -p $priority --policy=$policy > "$work/out" 2>&1
	rc=$?
	if grep -qE 'change scheduling policy' "$work/out"; then echo "skip cyclictest may not run here"; exit 0; fi
	ended $rc "$work/out"
	ok "$policy: two threads made their cycles" says "$work/out" "^T: 0 .* P: *$priority I:2000 C: *[1-9][0-9] " \
		"^T: 1 .* P: *$priority I:2000 C: *[1-9][0-9] "
done
finish
