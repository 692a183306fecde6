#!/bin/sh
# SPDX-License-Identifier: MIT
# jobs.t [quick] - MPI jobs under Debian's mpirun on isles: they run, end as on Linux, and are refused, and nothing is
# left. `quick' is the part that is run each time.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
quick=${1:-}
if [ "$quick" ]; then
	machine jobs '--cpus 4 --timeout 700' "job-run.sh $quick" "job-end.sh $quick" "job-refuse.sh $quick" \
		"job-hosts.sh $quick" "soak.sh ${SOAK_JOBS:-10} ${SOAK_SEED:-1}"
else
	for part in run end refuse hosts; do
		machine "$part" '--cpus 4 --timeout 1800' "job-$part.sh"
	done
fi
tap_end
