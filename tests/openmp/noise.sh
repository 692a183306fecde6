#!/bin/bash
# SPDX-License-Identifier: MIT
# noise.sh - inside the machine: the report of the OMPT tool on an isle. Catches: noise in a quiet region, none where there
# is some, and imbalance that is taken for it.
# shellcheck disable=SC2154 # dir and n are of inside.sh
# shellcheck source-path=SCRIPTDIR source=../lib/inside.sh
. "$(dirname "$0")/../lib/inside.sh"
# of_region REGION KEY: by the function that starts it.
of_region() {
	tr -d '\n' < "$dir/report" | grep -oE "\"function\": \"$1\"[^}]*" | grep -oE "\"$2\": [0-9]+" | grep -oE '[0-9]+$'
}

islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99
isle-run "$ISLE_BUILD/tests/openmp/noise-source" > "$dir/out" 2>&1
grep -E '^(ok|not ok|#|Bail)' "$dir/out" | sed -E 's/^((not )?ok )[0-9]+/\1/'
n=$(grep -cE '^(not )?ok ' "$dir/out")
result "the source alone: ended well" [ "$n" -gt 0 ]
if [ -x "$ISLE_BUILD/tests/openmp/noise" ] && [ -e "$ISLE_BUILD/openmp/libisle-ompt.so" ]; then
	OMP_TOOL_LIBRARIES=$ISLE_BUILD/openmp/libisle-ompt.so ISLE_OMPT=json:$dir/report \
		isle-run "$ISLE_BUILD/tests/openmp/noise" > "$dir/out" 2>&1
	result "regions run with the tool" [ $? = 0 ]
	sed 's/^/# /' "$dir/out" "$dir/report"
	result "noise is from the isle's counters" grep -q '"noise_source": "isle"' "$dir/report"
	for key in page_faults calls interrupts preempted off_core_ns kernel_ns; do
		result "a quiet region has $key 0" [ "$(of_region quiet $key)" = 0 ]
	done
	# 20 regions, two threads, 64 pages or 20 calls each.
	result "pages touched for the first time are faults" [ "$(of_region pages page_faults)" -ge 2560 ]
	result "they take time in the kernel" [ "$(of_region pages kernel_ns)" -gt 0 ]
	result "they are no calls" [ "$(of_region pages calls)" -le 20 ]
	result "forwarded calls are counted" [ "$(of_region calls calls)" = 800 ]
	result "they take time in the kernel or off the core" \
		[ $(($(of_region calls kernel_ns) + $(of_region calls off_core_ns))) -gt 0 ]
	result "an uneven region loses time to imbalance" [ "$(of_region uneven imbalance_permille)" -ge 200 ]
	result "and none to the kernel" [ "$(of_region uneven calls)$(of_region uneven page_faults)" = 00 ]
else
	n=$((n + 1))
	echo "ok $n - the tool # SKIP libomp or its header is not installed"
fi
echo "1..$n"
