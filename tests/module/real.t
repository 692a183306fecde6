#!/bin/sh
# SPDX-License-Identifier: MIT
# real.t - programs of the distribution (interpreters, a compiler, benchmarks, OpenMP, MPI) do the same on an isle as on
# Linux. By hand, for one: ISLE_REAL=python tests/module/real.t
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'real' '--cpus 8 --mem 4 --timeout 600' "real.sh ${ISLE_REAL:-}"
tap_end
