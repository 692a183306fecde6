#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.t - random commands for a while.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
s=10
[ -z "$TEST_FULL" ] || s=${FUZZ_SECONDS:-600}
machine "$s s" "--cpus 8 --timeout $((s + 300))" "fuzz_ioctl $s ${FUZZ_SEED-}"
tap_end
