#!/bin/sh
# SPDX-License-Identifier: MIT
# oslat.sh [COMMAND...] - the noise of busy loops, measured by oslat (rt-tests) for one second.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need oslat
"$@" oslat --duration 1s --cpu-list 0 > "$work/out" 2>&1
rc=$?
if grep -qiE 'permission|not permitted' "$work/out"; then echo "skip oslat may not run here"; exit 0; fi
ok "ends with 0" [ $rc -eq 0 ]
ok "says what it measured" says "$work/out" 'Maximum:' 'Counter Freq:'
finish
