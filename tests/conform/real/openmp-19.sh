#!/bin/sh
# SPDX-License-Identifier: MIT
# openmp-19.sh [COMMAND...] - openmp.sh's programs with a newer library, which setup unpacked beside the system's.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
newer=${XDG_CACHE_HOME:-$HOME/.cache}/hermit-isles/libomp-19/usr/lib/llvm-19/lib
[ -r "$newer/libomp.so.5" ] || { echo "skip libomp 19 is not there: setup --all unpacks it"; exit 0; }
built epcc
OMP_NUM_THREADS=$(cores) LD_LIBRARY_PATH=$newer "$@" "$path" > "$work/out" 2> "$work/err"
ended $? "$work/err"
cat "$work/out"
ok "it is that library" says "$work/out" '^library: llvm-19/lib/libomp\.so\.5$'
ok "all is right" says "$work/out" '^nested: right$'
built stream
OMP_NUM_THREADS=$(cores) LD_LIBRARY_PATH=$newer "$@" "$path" 2> "$work/err"
ended $? "$work/err"
ok "stream: bandwidths" says "$work/err" '^triad: [0-9]+ MB/s$'
finish
