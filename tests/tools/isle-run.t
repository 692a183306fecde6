#!/bin/sh
# SPDX-License-Identifier: MIT
# isle-run.t - command lines of isle-run.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
unset ISLE_IMAGE

expect 2 "say what the isle shall do" "$isle_run"
expect 127 "no-such-program: No such file" "$isle_run" no-such-program -l
expect 127 "./app: No such file" "$isle_run" --cpus 2 -- ./app --idle
echo "no program" > "$temp/text"
chmod +x "$temp/text"
expect 126 "neither an ELF program nor a script" "$isle_run" "$temp/text"
expect 2 "would not be run" "$isle_run" --idle ls
expect 2 "did you mean --selftest" "$isle_run" --selftset
expect 2 "exclude each other" "$isle_run" --selftest --idle
expect 2 "did you mean uhyve" "$isle_run" --isle uhyv --idle
expect 2 "HERMIT_KVM is 0 or 1" env HERMIT_KVM=y "$isle_run" --isle qemu --idle
expect 125 "HERMIT_QEMU names /nonexistent, which is not there" env HERMIT_QEMU=/nonexistent "$isle_run" --isle qemu --idle
expect 2 "names a NUMA node" "$isle_run" --isle 5x --idle
expect 2 "whole number from 0 to 63" "$isle_run" --node 64 --idle
expect 2 "different nodes" "$isle_run" --isle 1 --node 0 --idle
expect 2 "whole number from 1 to 60000" "$isle_run" --start-timeout 99999 --idle
expect 2 "not 'yes'" env HERMIT_VERBOSE=yes "$isle_run" --idle
expect 2 "are linux or isle, not 'both'" env HERMIT_CPU_NUMBERS=both "$isle_run" --idle
expect 2 "did you mean multi" env HERMIT_ISLE=mutli "$isle_run" --idle
expect 2 "at most 2047 characters" "$isle_run" --kernel-args "$(printf '%2048s' x)"
expect 0 "Usage: isle-run" "$isle_run" --help
expect 0 "ABI revision" "$isle_run" --version
expect 125 "there is no isle kernel /nonexistent" "$isle_run" --image /nonexistent --idle
expect 125 "which ISLE_IMAGE names" env ISLE_IMAGE=/nonexistent "$isle_run" --idle
expect 125 "it is not a regular file" "$isle_run" --image / --idle
expect 125 "it is empty" "$isle_run" --image /proc/self/status --idle
expect 125 "is not an isle kernel" "$isle_run" --image "$isle_run" --idle
try "$isle_run" --help
! awk 'length > 80 { bad = 1 } END { exit !bad }' "$temp/out"
report "--help: 80 columns" $?
expect 2 "HERMIT_CPUS is '2', but HERMIT_CPU_COUNT" env HERMIT_CPUS=2 HERMIT_CPU_COUNT=3 "$isle_run" --idle
expect 2 "HERMIT_MEM is '1G', but HERMIT_MEMORY_SIZE" env HERMIT_MEM=1G HERMIT_MEMORY_SIZE=2G "$isle_run" --idle
expect 2 "HERMIT_GDB_PORT" env HERMIT_GDB_PORT=0 "$isle_run" --idle
image=$ISLE_BUILD/isle-kernel/isle.elf
if [ -e "$image" ]; then
	expect 125 "modprobe isle" "$isle_run" --isle multi --idle
	expect 125 "modprobe isle" "$isle_run" --isle multi --idle --dry-run
	# Each try must give back what the one before took.
	has=$(sed -n 's/^MemTotal: *\([0-9]*\) .*/\1/p' /proc/meminfo)
	if command -v qemu-system-x86_64 > /dev/null && [ "$has" -gt 2500000 ]; then
		expect 125 "there are no addresses for 2 GiB" sh -c "ulimit -v 1000000
			ulimit -n 24
			exec timeout 30 '$isle_run' --isle qemu --mem 2G --cpus 1 --idle"
	else
		tests=$((tests + 1))
		echo "ok $tests # SKIP no qemu-system-x86_64, or too little memory to ask for"
	fi
	HWLOC_SYNTHETIC='pack:2 [numa(memory=8GB)] core:300 pu:1'
	export HWLOC_SYNTHETIC
	expect 0 ": 256 CPUs," "$isle_run" --isle uhyve --idle --dry-run
	expect 0 ": 256 CPUs," "$isle_run" --isle uhyve --cpus all --idle --dry-run
	expect 2 "the list has 257 CPUs" "$isle_run" --isle uhyve --cpus 1-257 --idle --dry-run
	expect 0 ": 3 CPUs," env HERMIT_CPU_COUNT=3 "$isle_run" --isle uhyve --idle --dry-run
	expect 0 "64 MiB" env HERMIT_MEMORY_SIZE=64MiB "$isle_run" --isle uhyve --idle --dry-run
	expect 0 ": 3 CPUs," env HERMIT_CPU_COUNT=3 HERMIT_CPUS=3 "$isle_run" --isle uhyve --idle --dry-run
	unset HWLOC_SYNTHETIC
else
	tests=$((tests + 1))
	echo "ok $tests # SKIP the isle kernel is not built"
fi
finish
