#!/bin/sh
# SPDX-License-Identifier: MIT
# jobs.t - MPI jobs under Debian's mpirun on isles: they run, stand still for Linux while they talk, end, and are refused.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
for part in run steady end refuse; do
	machine "$part" '--cpus 4 --timeout 600' "jobs.sh $part"
done
machine soak '--cpus 4 --timeout 600' "soak.sh ${SOAK_JOBS:-8} ${SOAK_SEED:-1}"
tap_end
