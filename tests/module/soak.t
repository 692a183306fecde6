#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.t - random programs on two isles at once, their proxies killed at random: nothing is lost. SOAK_SECONDS and
# SOAK_SEED say how long and which.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
s=${SOAK_SECONDS:-60}
seed=${SOAK_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
TEST_SOAK=$TEST_PROGRAMS
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS TEST_SOAK
machine "seed $seed" "--cpus 4 --timeout $((s + 900))" "soak.sh $s $seed"
tap_end
