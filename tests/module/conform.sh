#!/bin/sh
# SPDX-License-Identifier: MIT
# conform.sh [PATTERN] - inside the machine: the conformance set on Linux and on isles of two CPUs, two side by side.
# Catches: whatever a program of the set can notice, with the state that the programs before it left behind.
trap 'islectl release > /dev/null' EXIT
islectl reserve --cpus 4-7 --mem 1G@1 > /dev/null || exit 99
# The layer over the host's files is slow at making and removing them.
# For shared/hugetlb.
echo 8 > /proc/sys/vm/nr_hugepages
HERMIT_CPUS=2 HERMIT_MEM=448M TMPDIR=/run
export HERMIT_CPUS HERMIT_MEM TMPDIR
"$(dirname "$0")/../conform/run.sh" --build "$ISLE_BUILD/tests/conform" --isle isle-run --platform multi \
	--seconds 60 --jobs 2 --only "${1:-}"
