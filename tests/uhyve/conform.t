#!/bin/bash
# SPDX-License-Identifier: MIT
# conform.t - the conformance set does on an isle in KVM what it does on Linux. CONFORM_ONLY, CONFORM_SECONDS: which
# part of it, and how long one program may take; `make conform` takes all.
# shellcheck disable=SC2154 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

set_dir=$ISLE_BUILD/tests/conform
if [ ! -d "$set_dir/bin/memory" ]; then
	echo "1..0 # SKIP the conformance programs are not built: make -C tests/conform check TESTS="
	exit 0
fi
# Families of few calls and faults: a minute and a half where KVM emulates the isle kernel.
quick='directories|dynamic|events|exit|identity|limits|math|pointers|proc|sched|shared|startup|terminals|xstate'
platform=uhyve only=${CONFORM_ONLY-}
if is_soft; then
	platform=uhyve-soft only=${CONFORM_ONLY-"@($quick)/"}
fi
[ -z "$only" ] || echo "# only $only: the isle kernel is emulated here, so the whole set takes half an hour" \
	"(make -C tests/uhyve conform)"
PATH=$ISLE_BUILD/proxy:$PATH
export HERMIT_CPUS=4 HERMIT_MEM=256M ISLE_IMAGE=$ISLE_BUILD/isle-kernel/isle.elf
"$ISLE_SOURCE/tests/conform/run.sh" --build "$set_dir" --isle isle-run --platform $platform --jobs 2 \
	--seconds "${CONFORM_SECONDS:-120}" ${only:+--only "$only"}
