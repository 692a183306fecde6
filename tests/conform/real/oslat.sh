#!/bin/sh
# SPDX-License-Identifier: MIT
# oslat.sh [COMMAND...] - the noise of a busy loop, measured by oslat (rt-tests) for one second.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need oslat
[ "$(nproc)" -ge 2 ] || { echo "skip oslat wants two CPUs"; exit 0; }
# The first CPU that the program may use for its main thread, the next one to be measured.
cpus=$("$@" sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first=${cpus%%[,-]*}
"$@" oslat --duration 1s --cpu-main-thread "$first" --cpu-list $((first + 1)) > "$work/out" 2>&1
rc=$?
if grep -qiE 'permission|not permitted' "$work/out"; then echo "skip oslat may not run here"; exit 0; fi
ended $rc "$work/out"
ok "says what it measured" says "$work/out" '^ *Maximum:[[:space:]]*[0-9.]+ \(us\)$' \
	'^ *Counter Freq:[[:space:]]*[0-9.]+ \(Mhz\)$' '^ *Duration:[[:space:]]*[0-9.]+ \(sec\)$'
finish
