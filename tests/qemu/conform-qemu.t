#!/bin/bash
# SPDX-License-Identifier: MIT
# conform-qemu.t - a part of the conformance set does on an isle in QEMU what it does on Linux.
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
for family in files memory exit threads; do
	"$ISLE_SOURCE/tests/conform/run.sh" --build "$set_dir" --isle isle-run --static --seconds 60 --jobs 2 \
		--only "$family/*" > "$temp/out" 2>&1
	# How many, and those that failed.
	tail -n 1 "$temp/out"
	tests=$((tests + 1))
	if grep -q '^ok ' "$temp/out" && ! grep '^not ok' "$temp/out" > "$temp/bad"; then
		echo "ok $tests - $family: as on Linux"
	else
		echo "not ok $tests - $family: as on Linux"
		sed -n '/^not ok/,/^ok/p' "$temp/out" | sed 's/^[^#]/# &/'
	fi
done
finish
