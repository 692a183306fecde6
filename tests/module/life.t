#!/bin/sh
# SPDX-License-Identifier: MIT
# life.t - isles live, say what they do, and die.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
machine 'xAPIC' '--cpus 4 --timeout 600' two second-start log death
tap_end
