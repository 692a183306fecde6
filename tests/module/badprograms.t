#!/bin/sh
# SPDX-License-Identifier: MIT
# badprograms.t - what is no program, and programs that end badly: one sentence or the program's own end, nothing lost.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'xAPIC' '--cpus 4 --timeout 500' badprograms.sh
tap_end
