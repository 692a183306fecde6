#!/bin/sh
# SPDX-License-Identifier: MIT
# real.t - MPI programs that others wrote compute on isles what they should: NetPIPE, tests of ScaLAPACK, HPCC.
# REAL=full runs more of them with larger problems.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
if ! why=$("$(dirname "$0")/real/build" "$ISLE_BUILD/tests/mpi/real"); then
	if [ -n "$why" ]; then result ok 'programs that others wrote' "SKIP $why"
	else result 'not ok' 'programs that others wrote can be built'; fi
	tap_end
fi
case ${REAL:-short} in
full) machine 'real' '--cpus 4 --timeout 3500' 'real.sh full' ;;
*) machine 'real' '--cpus 4 --timeout 580' 'real.sh short' ;;
esac
tap_end
