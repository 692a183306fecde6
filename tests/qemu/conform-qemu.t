#!/bin/bash
# SPDX-License-Identifier: MIT
# conform-qemu.t - the conformance set does on an isle in QEMU what it does on Linux.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

set_dir=$ISLE_BUILD/tests/conform
if [ ! -d "$set_dir/bin/memory" ]; then
	echo "1..0 # SKIP the conformance programs are not built: make -C tests/conform check TESTS="
	exit 0
fi
PATH=$ISLE_BUILD/proxy:$PATH
export HERMIT_MEM=256M
exec "$ISLE_SOURCE/tests/conform/run.sh" --build "$set_dir" --isle isle-run --seconds 60 --jobs 2
