#!/bin/bash
# SPDX-License-Identifier: MIT
# real.sh short|full - inside the machine: MPI programs that others wrote, on two isles, judged by their own checks.
# Built and unpacked by real/build.
form=${1:-short}
real=$ISLE_BUILD/tests/mpi/real
scalapack=$real/scalapack/usr/lib/x86_64-linux-gnu
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"; islectl release >/dev/null 2>&1' EXIT
export OPENBLAS_NUM_THREADS=1 LD_LIBRARY_PATH=$scalapack
n=0

job() # PROGRAM ARGUMENTS...
{
	timeout -k 5 900 mpirun.mpich -n 2 isle-run --cpus 1 "$@" >"$dir/out" 2>&1 </dev/null
	status=$?
}

# report NAME CONDITION... ; what the job said is shown if it does not hold.
report()
{
	local name=$1 verdict=ok
	shift
	"$@" || verdict='not ok'
	n=$((n + 1))
	echo "$verdict $n - $name"
	[ "$verdict" = ok ] || { echo "# wanted: $*; status $status"; tail -n 15 "$dir/out" | sed 's/^/# /'; }
}

says() { [ "$status" = 0 ] && grep -qE -- "$1" "$dir/out"; }

# NetPIPE tells bytes, Mbps and seconds a line: sizes grow to the last one, and rates are sizes by times.
netpipe_right()
{
	[ "$status" = 0 ] && awk -v last="$1" '
		{ rate = $1 * 8 / $3 / 1048576; wrong += $1 <= before || $3 <= 0 || rate / $2 > 1.01 || rate / $2 < 0.99; before = $1 }
		END { exit !(NR > 20 && !wrong && before == last) }' "$dir/np"
}

netpipe()
{
	cd "$dir" || exit 99
	rm -f np
	job NPmpich2 -p 0 -u "$1" -n 5 -o np
	report "NetPIPE up to $1 bytes" netpipe_right "$1"
	job NPmpich2 -i -p 0 -u "$1" -n 5 -o np
	report "NetPIPE finds every message as it was sent" integrity
}

integrity() { says 'Integrity check passed' && ! grep -qi 'integrity check failed' "$dir/out"; }

scalapack_right() { says ' 0 tests completed and failed residual checks' && [ "${passed:-0}" -gt 0 ]; }

scalapack_test() # NAME
{
	cd "$scalapack/scalapack/mpich-tests" || exit 99
	job "./$1"
	passed=$(sed -n 's/^ *\([0-9]*\) tests completed and passed.*/\1/p' "$dir/out" | tail -n 1)
	report "ScaLAPACK $1: ${passed:-no} tests, no residual too large" scalapack_right
}

# value NAME: of the summary in HPCC's output.
value() { sed -n "s/^$1=//p" hpccoutf.txt; }

hpcc()
{
	cd "$dir" || exit 99
	sed -e "s/^1000  /$1  /; s/^80  /32  /; s/^2            Ps/1            Ps/" "$real/_hpccinf.txt" >hpccinf.txt
	job "$real/hpcc"
	cp hpccoutf.txt out
	report "HPCC says that all of it is right" test "$status$(value Success)" = 01
	report "HPL: the residual passes" says '^ *1 tests completed and passed residual checks,'
	report "PTRANS: no test fails" says '^ *0 tests completed and failed residual checks\.'
	report "RandomAccess: no location is wrong" \
		test "$(value MPIRandomAccess_Errors)$(value MPIRandomAccess_LCG_Errors)" = 00
	report "STREAM: the arrays are right" says 'Solution Validates'
	report "FFT: there and back gives what was there" small "$(value MPIFFT_maxErr)"
	report "b_eff: latency and bandwidth between the isles were found" \
		positive "$(value MaxPingPongLatency_usec)" "$(value MinPingPongBandwidth_GBytes)"
}

small() { awk -v x="$1" 'BEGIN { exit !(x != "" && x >= 0 && x < 1e-12) }'; }
positive() { awk -v x="$1" -v y="$2" 'BEGIN { exit !(x > 0 && y > 0) }'; }

islectl reserve --cpus 2,3 --mem 400M@1 >/dev/null || exit 99
if [ "$form" = short ]; then
	netpipe 4096
	for test in xdllt xdqr xdtrd xdnep; do scalapack_test $test; done
	hpcc 100
else
	netpipe 1048576
	for test in "$scalapack"/scalapack/mpich-tests/x[sdcz]{brd,hrd,inv,llt,ls,lu,nep,ptllt,qr,trd}; do
		scalapack_test "$(basename "$test")"
	done
	hpcc 400
fi
islectl release >"$dir/out" 2>&1
status=$?
report "everything goes back to Linux" test "$status" = 0
echo "1..$n"
