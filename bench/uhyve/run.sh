#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - the same binary in an isle of two virtual CPUs and on Linux, alternated pair by pair.
#
#   run.sh [--pairs N] [--small] [--build DIR]
#
# Prints, for each kernel, the ratio of speeds (Linux's time / the isle's: 1 is as fast as Linux) of each pair, the
# median of them and their spread. Which side goes first changes with each pair, so that a machine that gets slower
# or faster meanwhile favours none. Both sides have the same two CPUs.
#   --pairs N    how many (10)
#   --small      short runs, which only show that it works
#   --build DIR  the build folder (the tree's build/)
# Status: 0; 1 a run failed or was wrong; 77 /dev/kvm does not open, two CPUs or an OpenMP compiler are missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${ISLE_BUILD:-$here/../../build} pairs=10
declare -A size=([triad]="10000000 150" [compute]="20000000 60")

die() { echo "bench-uhyve: $2" >&2; exit "$1"; }
while [ $# -gt 0 ]; do
	case $1 in
	--small) size=([triad]="400000 20" [compute]="1000000 10") ;;
	--pairs | --build)
		[ $# -gt 1 ] || die 2 "$1 wants a value"
		if [ "$1" = --pairs ]; then pairs=$2; else build=$2; fi
		shift ;;
	*) die 2 "there is no option $1" ;;
	esac
	shift
done
case $pairs in '' | *[!0-9]* | 0) die 2 "--pairs wants a number from 1" ;; esac
build=$(cd "$build" && pwd) || die 2 "there is no build folder $build"
(: <> /dev/kvm) 2> /dev/null || die 77 "/dev/kvm does not open"
cpus=$(taskset -pc $$ | sed 's/.*: //' | tr ',' '\n' | awk -F- '{ for (i = $1; i <= ($2 == "" ? $1 : $2); i++) print i }' |
	tail -n 2 | paste -s -d,)
case $cpus in *,*) ;; *) die 77 "this process may use one CPU only" ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# LLVM's library, the one for isles: GCC's wakes by a system call at each barrier, whoever waits, and where KVM emulates
# the isle kernel that call is most of a short turn.
omp=$(for lib in /usr/lib/llvm-*/lib/libomp.so; do [ ! -e "$lib" ] || dirname "$lib"; done | sort -V | tail -n 1)
[ -n "$omp" ] || die 77 "LLVM's OpenMP library is missing: libomp-dev"
{ ${CC:-cc} -std=gnu11 -O2 -fopenmp -c -o "$work/kernels.o" "$here/kernels.c" &&
	${CC:-cc} -o "$work/kernels" "$work/kernels.o" -L"$omp" -lomp -Wl,-rpath,"$omp"; } 2> "$work/cc" ||
	die 77 "no program with OpenMP can be made: $(head -n 1 "$work/cc")"

export OMP_NUM_THREADS=2 OMP_PROC_BIND=true
# side linux|isle KERNEL SIZE TURNS: the seconds it took
side() {
	local command=()
	case $1 in
	linux) command=(taskset -c "$cpus") ;;
	isle) command=(env HERMIT_ISLE=uhyve HERMIT_CPUS="$cpus" HERMIT_MEM=512M
		ISLE_IMAGE="$build/isle-kernel/isle.elf" "$build/proxy/isle-run") ;;
	esac
	shift
	timeout -k 5 300 "${command[@]}" "$work/kernels" "$@" > "$work/said" 2> "$work/err" ||
		{ cat "$work/said" "$work/err" >&2; return 1; }
	grep -q ' 2 threads$' "$work/said" || { cat "$work/said" >&2; return 1; }
	cut -d ' ' -f 1 "$work/said"
}

echo "the same binary, an isle in KVM beside Linux, CPUs $cpus, $pairs pairs; load before: $(cut -d ' ' -f 1 /proc/loadavg)"
printf '%-8s %8s %8s %8s   %s\n' kernel median least most 'ratio of each pair'
for kernel in triad compute; do
	: > "$work/ratios"
	for pair in $(seq "$pairs"); do
		order="linux isle"
		[ $((pair % 2)) -eq 1 ] || order="isle linux"
		for who in $order; do
			# shellcheck disable=SC2086 # two words
			seconds=$(side $who $kernel ${size[$kernel]}) || die 1 "$kernel failed ($who)"
			printf -v "$who" %s "$seconds"
		done
		# shellcheck disable=SC2154 # set by printf
		awk "BEGIN { printf \"%.3f\n\", $linux / $isle }" >> "$work/ratios"
	done
	sort -n "$work/ratios" | awk -v kernel=$kernel -v each="$(paste -s -d ' ' "$work/ratios")" '{ r[NR] = $1 }
		END { m = NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2
			printf "%-8s %8.3f %8.3f %8.3f   %s\n", kernel, m, r[1], r[NR], each }' | tee -a "$work/table"
done
awk -v load="$(cut -d ' ' -f 1 /proc/loadavg)" '
	{ fit = fit (NR > 1 ? ", " : "") $1 ($2 >= 0.95 ? " reaches" : " does not reach") " 0.95 of Linux" }
	END { print fit " (median); load after: " load
		if (load > 3) print "this machine did something else meanwhile: the numbers mean nothing" }' "$work/table"
