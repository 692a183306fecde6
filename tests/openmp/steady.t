#!/bin/sh
# SPDX-License-Identifier: MIT
# steady.t - parallel regions of LLVM's OpenMP library, as many threads as cores, never enter the isle kernel.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
if ! [ -x "$ISLE_BUILD/tests/openmp/steady" ]; then
	result ok 'steady' 'SKIP libomp is not installed'
	tap_end
fi
# What starts programs in a machine lies with those of the module.
tap_here=$tap_here/../module
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'xAPIC' '--cpus 4 --timeout 240' steady.sh
tap_end
