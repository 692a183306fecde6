#!/bin/sh
# SPDX-License-Identifier: MIT
# openmp.sh [COMMAND...] - EPCC-like overheads and STREAM with LLVM's OpenMP library: the results, not the times, count.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need cc
omp=$(find /usr/lib/llvm-* -maxdepth 2 -name libomp.so 2> /dev/null | sort | tail -n 1)
[ -n "$omp" ] || { echo "skip libomp is not installed"; exit 0; }
if command -v clang > /dev/null 2>&1; then
	clang -O2 -fopenmp=libomp -o "$work/epcc" "$(dirname "$0")/epcc.c" -L"${omp%/*}" -Wl,-rpath,"${omp%/*}" || exit 1
else
	cc -O2 -fopenmp -c -o "$work/epcc.o" "$(dirname "$0")/epcc.c" &&
		cc -o "$work/epcc" "$work/epcc.o" -L"${omp%/*}" -lomp -Wl,-rpath,"${omp%/*}" || exit 1
fi
for policy in active passive; do
	OMP_NUM_THREADS=$(cores) OMP_WAIT_POLICY=$policy "$@" "$work/epcc" > "$work/out" 2>&1
	ok "$policy: ends with 0" [ $? -eq 0 ]
	ok "$policy: results" says "$work/out" '^parallel: right$' '^barrier: right$' '^locks: right$' '^schedules: right$' \
		'^tasks: right$' '^nested: right$' '^triad: right$'
done
OMP_NUM_THREADS=$(cores) OMP_PROC_BIND=close OMP_PLACES=cores OMP_DISPLAY_AFFINITY=true "$@" "$work/epcc" > "$work/out" 2>&1
ok "bound: ends with 0" [ $? -eq 0 ]
ok "bound: displays affinity" says "$work/out" 'OMP: pid [0-9]+ tid [0-9]+ thread 0 bound to OS proc set'
finish
