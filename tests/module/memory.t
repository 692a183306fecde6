#!/bin/sh
# SPDX-License-Identifier: MIT
# memory.t - taking memory of a node; needs 1 GiB to spare in each.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
machine '4 GiB' '--cpus 4 --mem 4 --timeout 300' memory
tap_end
