#!/bin/bash
# SPDX-License-Identifier: MIT
# real-qemu.t - programs of the distribution do on an isle in QEMU what they do on Linux. Catches: what the small programs
# of the conformance set have too little memory, too few threads or too little patience for.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

set_dir=$ISLE_BUILD/tests/conform
if [ ! -d "$set_dir/real-bin" ]; then
	echo "1..0 # SKIP the conformance programs are not built: make -C tests/conform check TESTS="
	exit 0
fi
PATH=$ISLE_BUILD/proxy:$PATH
export HERMIT_MEM=448M
exec "$ISLE_SOURCE/tests/conform/run.sh" --real --build "$set_dir" --isle isle-run
