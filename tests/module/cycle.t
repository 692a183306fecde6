#!/bin/sh
# SPDX-License-Identifier: MIT
# cycle.t - cores and memory go and come back, on 4 and 8 CPUs, with the module loaded anew between
# rounds; and doorbells, where Linux keeps CPUs enough to move their interrupt.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
n=${TEST_FULL:+50}
r=${TEST_FULL:+10}
machine '4 CPUs' '--cpus 4 --timeout 600' "cycle ${n:-5}" "reload ${r:-2}" "cycle ${n:-5}"
machine '8 CPUs' '--cpus 8 --timeout 600' "cycle ${n:-3}" doorbell
tap_end
