#!/bin/sh
# SPDX-License-Identifier: MIT
# programs.sh - inside the machine: programs of the distribution and of the conformance set, unmodified, on Linux and on
# an isle; output and status must be the same. Catches: whatever keeps a program from running as it does on Linux.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"; islectl release > /dev/null' EXIT
conform=$ISLE_BUILD/tests/conform/bin
n=0

same() { # COMMAND...
	n=$((n + 1))
	timeout 20 "$@" > "$dir/linux" 2>&1
	linux=$?
	timeout 60 isle-run "$@" > "$dir/isle" 2>&1
	isle=$?
	name=$(printf %s "$*" | tr -c "[:alnum:]/._-" " " | sed "s|.*$conform/||" | cut -c1-60)
	if [ "$linux" -eq "$isle" ] && cmp -s "$dir/linux" "$dir/isle"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# status on Linux $linux, on the isle $isle"
		diff "$dir/linux" "$dir/isle" | head -n 5 | sed 's/^/# /'
	fi
}

islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99
same date -u -d @86400
same ls -ld /
same sort /etc/passwd
same cat /etc/debian_version
same sha256sum /etc/services
same perl -e 'print 6 * 7, "\n"; exit 5'
same /usr/bin/python3 -c 'import json; print(json.dumps({"sum": sum(range(1000))}))'
same /usr/bin/python3 -c 'import subprocess as s; print(s.run("cat; exit 4", shell=True, input=b"x", capture_output=True))'
for program in threads/create-join threads/many threads/tls threads/barrier threads/exit-group futex/ping-pong \
	memory/anon-zero memory/brk memory/mremap-grow memory/private-file-cow memory/static-arrays.static-pie \
	signals/sigaction signals/altstack.static signals/siginfo time/monotonic files/append files/read-write.static \
	files/stat exit/codes math/libm sched/getaffinity pipes/basics \
	spawn/actions spawn/environment spawn/status.static spawn/system-popen spawn/through-pipes spawn/vfork; do
	same "$conform/$program"
done

says() { # NAME TEXT COMMAND...
	n=$((n + 1)) name=$1 want=$2
	shift 2
	said=$(timeout 60 isle-run "$@" 2>&1)
	if [ "$said" = "$want" ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; echo "# it says: $said"; fi
}

# The numbers of CPUs, by all ways that a program can learn them. $places, $PLACES: OpenMP's.
cpus='import ctypes, os
print(os.sched_getaffinity(0), open("/sys/devices/system/cpu/possible").read().strip(),
      [l.split()[2] for l in open("/proc/cpuinfo") if l.startswith("processor")],
      [l.split()[0] for l in open("/proc/stat") if l.startswith("cpu")],
      os.listdir("/sys/devices/system/node/node1/cpu%d" % max(os.sched_getaffinity(0))) != [],
      os.environ.get("OMP_PLACES"))
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
print(os.sched_getaffinity(0), ctypes.CDLL(None).sched_getcpu())'
says "CPUs have the numbers that they have for Linux" "{2, 3} 0-3 ['2', '3'] ['cpu', 'cpu2', 'cpu3'] True {2},{3}
{3} 3" /usr/bin/python3 -c "$cpus"
HERMIT_CPU_NUMBERS=isle
export HERMIT_CPU_NUMBERS
says "or are numbered from 0" "{0, 1} 0-1 ['0', '1'] ['cpu', 'cpu0', 'cpu1'] True {0},{1}
{1} 1" /usr/bin/python3 -c "$cpus"
n=$((n + 1)) name="and hwloc is told the same"
if command -v mpirun.mpich > /dev/null; then
	said=$(timeout 60 mpirun.mpich -n 1 isle-run /usr/bin/python3 -c 'import os, re
print(re.findall("PU. os_index=.([0-9]+)", open(os.environ["HWLOC_XMLFILE"]).read()))' 2>&1)
	if [ "$said" = "['0', '1']" ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; echo "# it says: $said"; fi
else
	echo "ok $n - $name # SKIP mpirun.mpich is not installed: only ranks get a file for hwloc"
fi
echo "1..$n"
