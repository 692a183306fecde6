#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - MPI between isles in numbers: what a message costs, what it must not cost, and how it compares with Linux.
#
#   run.sh [--short] [--tap] [--build DIR]
#
# Runs stock programs of MPI (turns, phases, pairs in this folder) on test machines, on isles and on Linux, and prints
# tables and, for each bound of docs/mpi.md, whether it holds.
#   --short      fewer messages and no times: a minute instead of several
#   --tap        the tables as comments, for test drivers
#   --build DIR  the build folder ($ISLE_BUILD, the tree's build/)
# Status: 0; 1 a bound does not hold or something failed; 77 something is missing here.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${ISLE_BUILD:-$here/../../build} short='' tap='' items=32 rounds=4 machines=6

die() { echo "${tap:+1..0 # SKIP }bench-mpi: $2" >&"$([ -n "$tap" ] && echo 1 || echo 2)"; exit "$1"; }
while [ $# -gt 0 ]; do
	case $1 in
	--short) short=yes items=8 ;;
	--tap) tap=yes ;;
	--build) [ $# -gt 1 ] || die 2 "--build wants a folder"; build=$2; shift ;;
	*) die 2 "there is no option $1" ;;
	esac
	shift
done
build=$(cd "$build" && pwd) || die 2 "there is no build folder $build"
[ -x "$build/bench/mpi/turns" ] || die 77 "the MPI programs were not built: there was no mpicc.mpich"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
kinds=64   # of the isles' kinds the first; Linux's come before

# machine NAME OPTIONS... -- ARGUMENTS OF in-machine.sh...
machine()
{
	local name=$1 options=() status=0
	shift
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	"$here/../../tests/vm/run-vm" --build "$build" "${options[@]}" -- "$here/in-machine.sh" "$@" \
		>"$work/$name" 2>"$work/err" || status=$?
	case $status in
	0) ;;
	77 | 122 | 126) die 77 "$(sed -n '1s/^run-vm: //p' "$work/err")" ;;
	*)
		sed 's/^/# /' "$work/err" >&2
		echo "failed $name: the machine's job ended with status $status" >>"$work/raw" ;;
	esac
	cat "$work/$name" >>"$work/raw"
}

: >"$work/count"
# Before our machines are part of it.
echo "load $(cut -d ' ' -f 1 /proc/loadavg) $(nproc)" >"$work/raw"
machine counts --cpus 4 --timeout 580 --plugin "$build/bench/mpi/count.so,out=$work/count" -- counts $kinds $items
sed 's/^/count /' "$work/count" >>"$work/raw"
# Where things lie differs from start to start, and moves all of a job's times by up to a tenth: so several starts.
while [ -z "$short" ] && [ $((machines -= 1)) -ge 0 ]; do
	machine pairs$machines --cpus 8 --mem 4 --timeout 300 -- pairs $rounds
done
[ -z "${BENCH_MPI_RAW:-}" ] || cp "$work/raw" "$BENCH_MPI_RAW"
echo "short ${short:-no}" >>"$work/raw"
awk -v isles=$kinds -v mark="${tap:+# }" -f "$here/report.awk" "$work/raw"
