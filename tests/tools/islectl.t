#!/bin/sh
# SPDX-License-Identifier: MIT
# islectl.t - command lines of islectl: nonsense ends with 2 and one sentence, plans are as planned, output is clean.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
big='pack:2 [numa(memory=8GB)] core:4 pu:2'
commands='reserve release list status log stats doctor'

# Nonsense.
expect 2 "did you mean 'reserve'" "$islectl" reserv
expect 2 "the commands are" "$islectl" frobnicate
expect 2 "there is no command" "$islectl" ''
expect 2 "there is no command" "$islectl" --json
expect 2 "did you mean --cpus" "$islectl" reserve --cpu 3
expect 2 "no option -x" "$islectl" reserve -x
expect 2 "--cpus needs a value" "$islectl" reserve --cpus
expect 2 "not an empty word" "$islectl" reserve --cpus=
expect 2 "say what to take" "$islectl" reserve
expect 2 "options only" "$islectl" reserve --cpus 2 4
expect 2 "whole number from 1" "$islectl" reserve --cpus 2 --keep 0
expect 2 "takes no value" "$islectl" reserve --strict=yes
expect 2 "options only" "$islectl" release everything
expect 2 "options only" "$islectl" list 1
expect 2 "takes one isle" "$islectl" status 1 2
expect 2 "whole number" "$islectl" status one
expect 2 "whole number" "$islectl" status -- -1
expect 2 "needs the number of an isle" "$islectl" log
expect 2 "needs the number of an isle" "$islectl" stats --json
expect 2 "exclude each other" "$islectl" log --raw --json 1
expect 2 "options only" "$islectl" doctor all
try "$islectl"
[ "$status" -eq 2 ] && [ ! -s "$temp/out" ] && grep -q '^Usage' "$temp/err"
report "no command: usage on standard error" $?

# Help.
for c in $commands; do
	try "$islectl" "$c" --help
	[ "$status" -eq 0 ] && [ ! -s "$temp/err" ] && grep -q "^Usage: islectl $c" "$temp/out" &&
		! awk 'length > 80 { bad = 1 } END { exit !bad }' "$temp/out"
	report "$c --help: clean, 80 columns" $?
	"$islectl" --help | grep -q "^  $c "
	report "--help lists $c" $?
done
expect 0 "ABI revision" "$islectl" --version

# No module.
for c in release list status 'status 1' 'log 1' 'stats 1'; do
	# shellcheck disable=SC2086 # words
	expect 3 "modprobe isle" "$islectl" $c
done
ISLE_DEVICE=/dev/null
expect 3 "not the device of the module" "$islectl" list
ISLE_DEVICE=/nonexistent/isle
HWLOC_SYNTHETIC=
unset HWLOC_SYNTHETIC
expect 2 "no CPU 1023" "$islectl" reserve --cpus 1023-1023

# Plans for another machine.
HWLOC_SYNTHETIC=$big
export HWLOC_SYNTHETIC
expect 2 "only --dry-run makes sense" "$islectl" reserve --cpus auto
expect 0 "CPUs      2-15: 14 CPUs, 7 cores, 2 nodes" "$islectl" reserve -n --cpus auto
expect 0 "unchecked by the module" "$islectl" reserve -n --cpus auto
expect 0 "CPUs      8-15: 8 CPUs, 4 cores, 1 node" "$islectl" reserve -n --cpus 8
expect 0 "memory    4 GiB of node 1" "$islectl" reserve -n --cpus 8 --mem 4G
expect 0 "memory    512 MiB of node 0" "$islectl" reserve -n -c8 -m 512M@0
expect 2 "whole cores" "$islectl" reserve -n --cpus 3
expect 2 "boot CPU" "$islectl" reserve -n --cpus 0-3
expect 1 "only 14 can leave" "$islectl" reserve -n --cpus 16
expect 1 "only 7.45 GiB in all" "$islectl" reserve -n --cpus 8 --mem 9G
expect 2 "suffix" "$islectl" reserve -n --cpus 8 --mem 9
HWLOC_SYNTHETIC='pack:2 group:2 [numa(memory=4GB)] core:2 pu:1'
expect 0 "CPUs      6-7: 2 CPUs, 2 cores, 1 node" "$islectl" reserve -n --cpus 2
expect 0 "memory    1.86 GiB of node 3" "$islectl" reserve -n --cpus 2
HWLOC_SYNTHETIC='pack:2 [numa(memory=8GB)] group:2 [numa(memory=1GB)] core:2 pu:1'
expect 0 "1 node" "$islectl" reserve -n --cpus 2
HWLOC_SYNTHETIC='pack:8 [numa(memory=64GB)] core:16 pu:2'
expect 0 "CPUs      2-255: 254 CPUs, 127 cores, 8 nodes" "$islectl" reserve -n --cpus auto
HWLOC_SYNTHETIC='core:1 pu:2'
expect 1 "no core can leave" "$islectl" reserve -n --cpus auto
HWLOC_SYNTHETIC='nonsense:x'
expect 2 "hwloc does not understand" "$islectl" reserve -n --cpus auto
HWLOC_SYNTHETIC=$big
try "$islectl" reserve -n --cpus 8 --mem 1G --json
[ "$status" -eq 0 ] && python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["dry_run"] and not d["checked_by_module"]
assert d["cpus"] == list(range(8, 16)) and d["cores"] == 4
assert d["memory"] == [{"node": 1, "asked_bytes": 1 << 30, "bytes": 1 << 30}]
' "$temp/out"
report "reserve -n --json" $?

"$islectl" --help > /dev/full 2> "$temp/err"
status=$?
"$islectl" reserve -n --cpus auto > /dev/full 2> "$temp/err"
[ $? -ne 0 ] && grep -q 'could not be written' "$temp/err"
report "a full disk is noticed" $?
finish
