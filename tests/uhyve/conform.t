#!/bin/bash
# SPDX-License-Identifier: MIT
# conform.t - the conformance set does on an isle in KVM what it does on Linux. CONFORM_ONLY, CONFORM_SECONDS: which
# part of it, and how long one program may take; CONFORM_WHOLE: with the slow ones, too, as `make conform`.
# shellcheck disable=SC2154 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

set_dir=$ISLE_BUILD/tests/conform
if [ ! -d "$set_dir/bin/memory" ]; then
	echo "1..0 # SKIP the conformance programs are not built: make -C tests/conform check TESTS="
	exit 0
fi
platform=uhyve quick=--quick
is_soft && platform=uhyve-soft
[ -z "${CONFORM_WHOLE-}" ] || quick=''
PATH=$ISLE_BUILD/proxy:$PATH
export HERMIT_CPUS=4 HERMIT_MEM=256M ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf
"$ISLE_SOURCE/tests/conform/run.sh" --build "$set_dir" --isle isle-run --platform $platform --jobs 2 \
	--seconds "${CONFORM_SECONDS:-240}" ${quick:+$quick} ${CONFORM_ONLY:+--only "$CONFORM_ONLY"}
