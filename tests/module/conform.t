#!/bin/sh
# SPDX-License-Identifier: MIT
# conform.t - the conformance set: every program does the same on an isle as on Linux, whatever it prints and however it
# ends. Two programs at a time, each on an isle of its own. By hand, for a part: ISLE_CONFORM=signals/ tests/module/conform.t
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'conform' '--cpus 8 --mem 4 --timeout 1500' "conform.sh ${ISLE_CONFORM:-}"
tap_end
