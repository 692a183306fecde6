#!/bin/sh
# SPDX-License-Identifier: MIT
# multi.t - gdb and core files with a program on bare cores of the test machine.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# What starts programs in a machine lies with those of the module.
tap_here=$tap_here/../module
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'multi' '--cpus 4 --timeout 600' multi.sh
tap_end
