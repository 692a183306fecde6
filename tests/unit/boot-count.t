#!/bin/sh
# SPDX-License-Identifier: MIT
# boot-count.t - the isle kernel alone in QEMU: size of the image, instructions to its first log line and
# until it is up, self-tests. The TSC counts instructions there, so the numbers are the same on every host.
set -u
image=${ISLE_IMAGE:-${top_builddir:-../..}/isle-kernel/isle.elf}
size_limit=307200
first_limit=15000
up_limit=15000

out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT
n=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# CMDLINE, QEMU options: runs the kernel, leaves its log in $out and QEMU's status in $status.
boot() {
	cmdline=$1
	shift
	timeout 60 qemu-system-x86_64 -nodefaults -M q35 -kernel "$image" -append "$cmdline" -serial stdio \
		-display none -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 "$@" \
		> "$out" 2>&1 < /dev/null
	status=$?
}

if ! command -v qemu-system-x86_64 > /dev/null; then
	echo "1..0 # SKIP qemu-system-x86_64 is not installed"
	exit 0
fi

size=$(wc -c < "$image")
[ "$size" -le "$size_limit" ]
result $? "the image has $size bytes, at most $size_limit"

boot stop -m 256 -accel tcg -icount shift=0 -cpu max,-erms,-fsrm
sed 's/^/# /' "$out"
first=$(sed -n 's/.*first line after \([0-9]*\) ticks.*/\1/p' "$out")
up=$(sed -n 's/.* up after \([0-9]*\).*/\1/p' "$out" | tr -d '\r')
[ "$status" -eq 1 ] && [ "${first:-$first_limit}" -lt "$first_limit" ]
result $? "first log line after ${first:-no} instructions, below $first_limit"
[ "${up:-$up_limit}" -lt "$up_limit" ]
result $? "up after ${up:-no} instructions, below $up_limit"

# The least processor and all features; little memory and several GiB; one core and four.
for machine in "-m 64 -cpu qemu64" "-m 256 -cpu max" "-m 5G -cpu max" "-m 5G -cpu qemu64,-pdpe1gb" \
	"-m 128 -smp 4 -cpu qemu64" "-m 128 -smp 4 -cpu max"; do
	case $machine in *-smp*) cpus=4 ;; *) cpus=1 ;; esac
	# shellcheck disable=SC2086 # options
	boot "selftest poison stop cpus=$cpus" $machine
	grep -q 'selftest: [0-9]* passed, 0 failed' "$out" && [ "$status" -eq 1 ]
	ok=$?
	result "$ok" "self-tests pass with $machine"
	[ "$ok" -eq 0 ] || sed 's/^/# /' "$out"
done

boot "stop cpus=2" -m 64
[ "$status" -eq 255 ] && grep -q "panic: smp: core 1 .* did not come up" "$out"
result $? "a core that does not come up is named"

boot "stop exit=7" -m 64
[ "$status" -eq 15 ]
result $? "the exit status arrives"

for kind in panic:injected nullptr:"page fault" stackoverflow:"double fault" bootpanic:injected; do
	boot "inject=${kind%%:*}" -m 64
	[ "$status" -eq 255 ] && grep -q "panic: ${kind#*:}" "$out" && grep -q "called from .*isle_main" "$out"
	ok=$?
	[ "${kind%%:*}" = stackoverflow ] && grep -q "called from .*recurse" "$out" && ok=0
	result "$ok" "inject=${kind%%:*} ends in a panic with a backtrace"
	[ "$ok" -eq 0 ] || sed 's/^/# /' "$out"
done
echo "1..$n"
