#!/bin/sh
# SPDX-License-Identifier: MIT
# openblas.sh [COMMAND...] - a matrix product by OpenBLAS with its own threads, against one computed by hand.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
built dgemm
OPENBLAS_NUM_THREADS=$(cores) "$@" "$path" > "$work/out" 2>&1
ended $? "$work/out"
cat "$work/out"
ok "the product is right" says "$work/out" '^largest difference below 1e-9$'
ok "by threads" says "$work/out" "^$(cores) threads$"
finish
