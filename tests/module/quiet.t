#!/bin/sh
# SPDX-License-Identifier: MIT
# quiet.t - no interrupt reaches an isle, whatever Linux does.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
s=${TEST_FULL:+10}
machine '4 CPUs' '--cpus 4 --timeout 400' "quiet ${s:-3}"
[ -z "$TEST_FULL" ] || machine '8 CPUs' '--cpus 8 --timeout 400' "quiet $s"
tap_end
