#!/bin/sh
# SPDX-License-Identifier: MIT
# programs.t - unmodified programs do the same on an isle as on Linux.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'xAPIC' '--cpus 4 --timeout 400' programs.sh
tap_end
