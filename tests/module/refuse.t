#!/bin/sh
# SPDX-License-Identifier: MIT
# refuse.t - what must not work: wrong commands, wrong images, wrong mappings, cores taken back.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
machine 'xAPIC' '--cpus 4 --timeout 300' negative image mapping guard
tap_end
