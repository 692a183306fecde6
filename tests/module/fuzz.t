#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.t - random commands, and isles that write garbage into what they share with the module, for a while.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
s=10
[ -z "$TEST_FULL" ] || s=${FUZZ_SECONDS:-600}
machine "$s s" "--cpus 8 --timeout $((2 * s + 420))" "fuzz_ioctl $s ${FUZZ_SEED-}" "fuzz_isle $s ${FUZZ_SEED-}"
tap_end
