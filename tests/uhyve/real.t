#!/bin/bash
# SPDX-License-Identifier: MIT
# real.t - programs of the distribution do on an isle in KVM what they do on Linux. REAL_ONLY, REAL_SECONDS: which, and
# how long one may take; `make real` takes all. Catches: what the small programs of the conformance set have too little
# memory, too few threads or too little patience for.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

set_dir=$ISLE_BUILD/tests/conform
if [ ! -d "$set_dir/real-bin" ]; then
	echo "1..0 # SKIP the conformance programs are not built: make -C tests/conform check TESTS="
	exit 0
fi
platform=uhyve only=${REAL_ONLY-}
if is_soft; then
	platform=uhyve-soft only=${REAL_ONLY-'@(perl|openssl)'}
fi
[ -z "$only" ] || echo "# only $only: the isle kernel is emulated here (make -C tests/uhyve real)"
PATH=$ISLE_BUILD/proxy:$PATH
export HERMIT_CPUS=2 HERMIT_MEM=448M ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf
"$ISLE_SOURCE/tests/conform/run.sh" --real --build "$set_dir" --isle isle-run --platform $platform \
	--seconds "${REAL_SECONDS:-240}" ${only:+--only "$only"}
