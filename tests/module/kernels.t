#!/bin/sh
# SPDX-License-Identifier: MIT
# kernels.t - the same on the newer kernel, and with x2APIC on both; at full length all programs in
# all four ways.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
if [ -n "$TEST_FULL" ]; then
	set -- 'cycle 50' 'reload 10' second-start 'quiet 10' two log doorbell death negative image mapping
	time=1800
else
	set -- 'cycle 3' 'reload 1' second-start 'quiet 1' two doorbell
	time=400
fi
machine '6.12 xAPIC' "--kernel 6.12 --cpus 8 --timeout $time" "$@"
machine '6.1 x2APIC' "--x2apic --cpus 8 --timeout $time" "$@"
machine '6.12 x2APIC' "--x2apic --kernel 6.12 --cpus 8 --timeout $time" "$@"
tap_end
