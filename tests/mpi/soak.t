#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.t - many random jobs one after the other; SOAK_JOBS and SOAK_SEED say how many and which.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
machine "seed ${SOAK_SEED:-1}" '--cpus 4 --timeout 10000' "soak.sh ${SOAK_JOBS:-200} ${SOAK_SEED:-1}"
tap_end
