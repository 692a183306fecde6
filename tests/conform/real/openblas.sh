#!/bin/sh
# SPDX-License-Identifier: MIT
# openblas.sh [COMMAND...] - a matrix product by OpenBLAS with its own threads, against one computed by hand.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need cc
library=$(find /usr/lib/x86_64-linux-gnu -name 'libopenblas.so.0' 2> /dev/null | sort | tail -n 1)
[ -n "$library" ] || { echo "skip libopenblas is not installed"; exit 0; }
cc -O1 -o "$work/dgemm" "$(dirname "$0")/dgemm.c" "$library" -lm -Wl,-rpath,"$(dirname "$library")" ||
	{ echo "not ok dgemm.c compiles"; exit 1; }
OPENBLAS_NUM_THREADS=$(cores) "$@" "$work/dgemm" > "$work/out" 2>&1
ok "ends with 0" [ $? -eq 0 ]
ok "the product is right" says "$work/out" '^largest difference below 1e-9$'
finish
