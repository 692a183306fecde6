#!/bin/sh
# SPDX-License-Identifier: MIT
# cyclictest.sh [COMMAND...] - absolute sleeps of a few threads, measured by cyclictest (rt-tests).
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need cyclictest
"$@" cyclictest -q -t 2 -d 0 -i 2000 -l 50 --policy=other > "$work/out" 2>&1
ok "ends with 0" [ $? -eq 0 ]
ok "two threads made their cycles" says "$work/out" '^T: 0 .* C: *[1-9][0-9] ' '^T: 1 .* C: *[1-9][0-9] '
finish
