#!/bin/bash
# SPDX-License-Identifier: MIT
# in-machine.sh counts|pairs - inside the machine: what run.sh wants measured, as raw lines. Status 0: all of it ran.
here=$(dirname "$(readlink -f "$0")")
bin=$ISLE_BUILD/bench/mpi
# What isle-run sets for its ranks, for those on Linux too: the same transport, and the same work for hwloc.
export UCX_TLS=self,posix UCX_MODULES=cma UCX_VFS_ENABLE=n UCX_MEM_EVENTS=n UCX_MEM_MMAP_HOOK_MODE=none
export UCX_HANDLE_ERRORS=none
set -o pipefail
failed=0

job() { timeout -k 5 500 mpirun.mpich "$@" </dev/null; }

# Kinds are numbered on: 0 is what nobody counts.
counts()
{
	local kinds=$1 items=$2 xml=/dev/shm/topology.xml

	lstopo-no-graphics --of xml >"$xml"
	HWLOC_XMLFILE=$xml HWLOC_COMPONENTS=xml,stop OMP_TOOL=disabled \
		job -n 1 taskset -c 2 "$bin/turns" 1 "$items" : -n 1 taskset -c 3 "$bin/turns" 1 "$items" |
		sed 's/^/linux /' || failed=1
	rm -f "$xml"
	islectl reserve --cpus 1-3 --mem 128M@0,256M@1 >/dev/null || exit 99
	job -n 1 isle-run -c 2-2 "$bin/turns" "$kinds" "$items" : -n 1 isle-run -c 3-3 "$bin/turns" "$kinds" "$items" |
		sed 's/^/isle /' || failed=1
	"$here/phases.sh" 1-1 2-3 | sed 's/^/phase /' || failed=1
}

pairs()
{
	local rounds=$1 file pair pids pid isle='isle-run --mem 64M -c'
	file=$(mktemp -p /dev/shm) || exit 99

	truncate -s 4096 "$file"
	islectl reserve --cpus 5-7 --mem 256M@1 >/dev/null || exit 99
	set -- "$bin/pairs" "$file"
	# Linux keeps a core for itself; each pair is on one node. Two of the three jobs sleep while the third talks.
	# shellcheck disable=SC2086 # words
	{
		pair="$* isle-isle 0 3 $rounds"
		job -n 1 $isle 6-6 $pair : -n 1 $isle 7-7 $pair >"$file.0" &
		pids=$!
		pair="$* isle-linux 1 3 $rounds"
		job -n 1 $isle 5-5 $pair : -n 1 taskset -c 4 $pair >"$file.1" &
		pids+=" $!"
		pair="$* linux-linux 2 3 $rounds"
		job -n 1 taskset -c 2 $pair : -n 1 taskset -c 3 $pair >"$file.2" &
		pids+=" $!"
	}
	for pid in $pids; do
		wait "$pid" || failed=1
	done
	cat "$file".?
	rm -f "$file" "$file".?
}

case $1 in
counts) counts "$2" "$3" ;;
pairs) pairs "$2" ;;
*) echo "in-machine.sh: counts KINDS ITEMS or pairs ROUNDS" >&2; exit 2 ;;
esac
islectl release >/dev/null 2>&1
exit $failed
