#!/bin/sh
# SPDX-License-Identifier: MIT
# openmp.sh [COMMAND...] - EPCC-like overheads and STREAM with LLVM's OpenMP library: the results, not the times, count.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
built epcc
measured() {
	says "$work/err" '^parallel: [0-9.]+ us$' '^barrier: [0-9.]+ us$' '^single: [0-9.]+ us$' '^locks: [0-9.]+ us$' \
		'^schedules: [0-9.]+ us$' '^tasks: [0-9.]+ us$' '^nested: [0-9.]+ us$'
}
for policy in active passive; do
	OMP_NUM_THREADS=$(cores) OMP_WAIT_POLICY=$policy "$@" "$path" 2> "$work/err"
	ended $? "$work/err"
	ok "$policy: overheads" measured
done
OMP_NUM_THREADS=$(cores) OMP_PROC_BIND=close OMP_PLACES=cores OMP_DISPLAY_AFFINITY=true "$@" "$path" > "$work/out" 2>&1
ended $? "$work/out"
ok "bound: displays affinity" says "$work/out" 'OMP: pid [0-9]+ tid [0-9]+ thread 0 bound to OS proc set'
built stream
OMP_NUM_THREADS=$(cores) "$@" "$path" 2> "$work/err"
ended $? "$work/err"
ok "stream: bandwidths" says "$work/err" '^copy: [0-9]+ MB/s$' '^scale: [0-9]+ MB/s$' '^add: [0-9]+ MB/s$' \
	'^triad: [0-9]+ MB/s$'
finish
