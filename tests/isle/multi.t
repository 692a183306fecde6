#!/bin/sh
# SPDX-License-Identifier: MIT
# multi.t - the tests of this folder on bare cores, in a test machine.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
tap_here=$tap_here/../module
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
HERMIT_ISLE=multi
export TEST_PROGRAMS HERMIT_ISLE
machine 'multi' '--cpus 4 --timeout 500' badprograms.sh watch.sh
tap_end
