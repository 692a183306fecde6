#!/bin/sh
# SPDX-License-Identifier: MIT
# real.sh [PATTERN] - inside the machine: programs of the distribution on Linux and on isles of two CPUs.
trap 'islectl release > /dev/null' EXIT
islectl reserve --cpus 4-7 --mem 1G@1 > /dev/null || exit 99
HERMIT_CPUS=2 HERMIT_MEM=448M TMPDIR=/run
export HERMIT_CPUS HERMIT_MEM TMPDIR
"$(dirname "$0")/../conform/run.sh" --real --build "$ISLE_BUILD/tests/conform" --isle isle-run --platform multi \
	--only "${1:-}"
