#!/bin/sh
# SPDX-License-Identifier: MIT
# doctor.t - islectl doctor on this host, and on small recorded ones.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# On any host: it ends with 0 or 1, prints JSON that says the same, and changes nothing.
try "$islectl" doctor
[ "$status" -le 1 ] && [ ! -s "$temp/err" ]
report "this host: no crash, no noise" $?
text=$status
try "$islectl" doctor --json
[ "$status" -eq "$text" ] && python3 -m json.tool < "$temp/out" > /dev/null &&
	python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
n = {s: sum(f["severity"] == s for f in d["findings"]) for s in ("ok", "note", "problem")}
assert d["fit"] == (n["problem"] == 0) == (int(sys.argv[2]) == 0)
assert (d["problems"], d["notes"]) == (n["problem"], n["note"]) and n["ok"] > 0
assert all(f["text"] and f["area"] for f in d["findings"])
' "$temp/out" "$status"
report "this host: --json says the same" $?

# A recorded host: put FILE TEXT.
host=$temp/host
put() {
	mkdir -p "$host/$(dirname "$1")"
	printf '%s\n' "$2" > "$host/$1"
}
ISLE_DOCTOR_ROOT=$host
HWLOC_SYNTHETIC='pack:2 [numa(memory=8GB)] core:4 pu:1'
export ISLE_DOCTOR_ROOT HWLOC_SYNTHETIC
good() {
	rm -rf "$host"
	put proc/sys/kernel/osrelease 6.1.0-50-amd64
	put proc/cmdline 'BOOT_IMAGE=/vmlinuz quiet'
	put boot/config-6.1.0-50-amd64 'CONFIG_SMP=y
CONFIG_HOTPLUG_CPU=y
CONFIG_MODULES=y
CONFIG_CONTIG_ALLOC=y
CONFIG_X86_LOCAL_APIC=y'
	put lib/modules/6.1.0-50-amd64/modules.dep 'updates/isle.ko.xz:'
	put proc/buddyinfo 'Node 0, zone   Normal   5 5 5 5 5 5 5 5 5 5 1000
Node 1, zone   Normal   5 5 5 5 5 5 5 5 5 5 1000'
	put proc/cpuinfo 'flags		: fpu constant_tsc nonstop_tsc la57'
	put proc/irq/9/smp_affinity_list 0-7
	put proc/irq/9/effective_affinity_list 3
	put sys/kernel/debug/irq/domains/VECTOR ' | CPU | avl | man | mac | act | vectors
     0   170     1     1   14  33-48
     1   180     1     1    4  33-48'
	put sys/kernel/security/lockdown '[none] integrity confidentiality'
}
# finds STATUS SEVERITY TEXT: doctor ends so and finds that.
finds() {
	try "$islectl" doctor
	[ "$status" -eq "$1" ] && grep -q "^$2 .*$3" "$temp/out"
	report "$2: $3" $?
}

good
finds 0 ok 'Linux 6.1.0-50'
finds 0 ok 'CPU hotplug, modules'
finds 0 note 'installed for this kernel, but not loaded'
finds 0 ok '1-7 could leave, 7 of 8 cores'
finds 0 ok 'fit into 170 free vectors'
finds 0 ok '1 arrive at CPUs that could leave'
finds 0 note 'LA57'
finds 0 ok 'node 1 has .* in pieces of 2 MiB'
put proc/sys/kernel/osrelease 5.10.0
finds 1 PROBLEM 'older than 6.1'
good
put boot/config-6.1.0-50-amd64 CONFIG_SMP=y
finds 1 PROBLEM 'built without CONFIG_HOTPLUG_CPU'
good
rm -r "${host:?}/lib"
finds 1 PROBLEM 'neither loaded nor installed'
good
put sys/kernel/security/lockdown 'none [integrity] confidentiality'
finds 1 PROBLEM 'signed modules only'
good
put sys/module/module/parameters/sig_enforce Y
finds 1 PROBLEM 'signed modules only'
good
put proc/sys/kernel/modules_disabled 1
finds 1 PROBLEM 'switched off'
good
put proc/cmdline 'quiet isolcpus=2-7 nohz_full=2-7'
finds 0 note 'isolcpus= nohz_full=, which isles do not need'
good
put proc/buddyinfo 'Node 0, zone   Normal   5 5 5 5 5 5 5 5 5 5 1000
Node 1, zone   Normal   900000 5 5 5 5 5 5 5 5 0 0'
finds 1 PROBLEM 'node 1 has .* nothing of it in pieces'
good
put proc/buddyinfo 'Node 0, zone   Normal   5 5 5 5 5 5 5 5 5 5 1000
Node 1, zone   Normal   900000 5 5 5 5 5 5 5 5 9 9'
finds 0 note 'node 1 has .* only 54 MiB of it'
good
put sys/kernel/debug/irq/domains/VECTOR '     0   20     1     1   14  33-48
     1   180     1     1    40  33-48'
finds 1 PROBLEM '39 interrupts of CPUs that could leave do not'
good
rm -r "$host/sys/kernel/debug"
finds 0 note 'vectors were not checked'
good
put proc/irq/12/smp_affinity_list 4-7
finds 0 note '1 may arrive only at CPUs that could leave (12)'
good
put proc/77/comm irqbalance
finds 0 ok 'irqbalance runs'
good
put proc/cmdline 'quiet init_on_alloc=1'
finds 0 note 'init_on_alloc'
good
put proc/cpuinfo 'flags		: fpu hypervisor'
finds 0 note 'virtual machine'
finds 0 note 'not announced as invariant'
good
HWLOC_SYNTHETIC='core:1 pu:2'
put proc/buddyinfo 'Node 0, zone   Normal   5 5 5 5 5 5 5 5 5 5 1000'
finds 1 PROBLEM 'no core can leave'
finds 1 note 'one NUMA node'
finish
