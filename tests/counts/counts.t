#!/bin/bash
# SPDX-License-Identifier: MIT
# counts.t - operations on an isle take at most so many instructions: counts.c on an isle in QEMU whose TSC counts
# them, twice, so that a count that is not exact shows. `--table` prints the counts only. See docs/counts.md.
set -u
run=$ISLE_BUILD/proxy/isle-run
program=$ISLE_BUILD/tests/counts/operations
export HERMIT_ISLE=qemu HERMIT_CPUS=1 HERMIT_MEM=128M
export HERMIT_QEMU_OPTIONS='-icount shift=0,sleep=off -cpu max,-monitor,-erms,-fsrm'
temp=$(mktemp -d) || exit 99
trap 'rm -rf "$temp"' EXIT
n=0

report() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# A caller does not spin, so that who answers, and when, is not in the counts.
# The C library looks at each variable.
count() { env -i PATH="$PATH" HERMIT_ISLE=$HERMIT_ISLE HERMIT_CPUS=1 HERMIT_MEM=$HERMIT_MEM \
	HERMIT_QEMU_OPTIONS="$HERMIT_QEMU_OPTIONS" ${ISLE_IMAGE:+ISLE_IMAGE="$ISLE_IMAGE"} timeout 120 "$run" -v --kernel-args spin=0 "$program" >"$temp/$1" 2>"$temp/$1.log" </dev/null; }
value() { sed -n "s/^$1 *\([0-9]*\) .*/\1/p" "$temp/first"; }

if ! command -v qemu-system-x86_64 >/dev/null; then
	echo "1..0 # SKIP qemu-system-x86_64 is not installed"
	exit
fi
count first
status=$?
[ "${1:-}" != --table ] || { cat "$temp/first"; exit "$status"; }
report "$status" "the operations are counted"
[ "$status" -eq 0 ] || sed 's/^/# /' "$temp/first.log"
count second
grep -v '^start' "$temp/first" >"$temp/a"
grep -v '^start' "$temp/second" >"$temp/b"
[ -s "$temp/a" ] && cmp -s "$temp/a" "$temp/b"
report $? "a second run counts the same"
[ "$(value loop)" = 2001 ]
report $? "a loop of 1000 turns has $(value loop) instructions, exactly 2001"
up=$(sed -n 's/.* up after \([0-9]*\).*/\1/p' "$temp/first.log")
while read -r name most what; do
	got=$(value "$name")
	[ "$name" != start ] || got=$((${got:-most} + ${up:-most}))
	[ -n "$got" ] && [ "$got" -le "$most" ]
	report $? "$what: ${got:-no} instructions, at most $most"
done <<'END'
getpid 40 getpid
yield 80 sched_yield alone
wake 75 FUTEX_WAKE without a waiter
clock 50 clock_gettime
touch 700 first touch of a page besides clearing it
map 2500 mmap and munmap of one page
thread 10000 pthread_create and pthread_join
switches 400 two switches by yield
start 75000 from the first instruction to main
END
got=$(value clock) call=$(value clock-call)
[ -n "$got" ] && [ "$got" -lt "${call:-0}" ]
report $? "clock_gettime does not enter the kernel: ${got:-no} instructions, the call has ${call:-no}"
echo "1..$n"
