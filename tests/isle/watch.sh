#!/bin/bash
# SPDX-License-Identifier: MIT
# watch.sh - on the platform of HERMIT_ISLE: what isle-run tells of a program, its streams, status and signals. Prints TAP.
# Catches: a platform that goes without one of the ways to look at an isle, or by which a program is reached.
dir=$(mktemp -d) || exit 99
multi=no
case ${HERMIT_ISLE:-multi} in multi|[0-9]*) multi=yes ;; esac
trap 'rm -rf "$dir"; [ $multi = no ] || islectl release > /dev/null' EXIT
trouble=$ISLE_BUILD/tests/isle/trouble
n=0

result() { # NAME COMMAND...
	local name=$1 verdict=ok
	shift
	"$@" > /dev/null 2>&1 || verdict="not ok"
	n=$((n + 1))
	echo "$verdict $n - $name"
	[ "$verdict" = ok ] || sed 's/^/# /; 20q' "$dir/out" "$dir/err"
}

run() {
	timeout -k 2 60 isle-run "$@" > "$dir/out" 2> "$dir/err"
	status=$?
}

[ $multi = no ] || islectl reserve --cpus 2,3 --mem 128M@1 > /dev/null || exit 99

run -v /bin/echo hello
result "-v says which platform, and why" grep -qE "platform ${HERMIT_ISLE:-multi}: " "$dir/err"
result "the output is the program's alone" [ "$(cat "$dir/out")" = hello ]
run -v --strace "$trouble" close
result "--strace shows a call with its result" grep -qE 'close\(.*\) *= *-' "$dir/err"
run --selftest
result "the isle kernel's own tests pass" [ "$status" = 0 ]
run sh -c 'exit 7'
result "the program's status" [ "$status" = 7 ]
echo input | timeout 60 isle-run cat > "$dir/out" 2> "$dir/err"
result "standard input reaches the program" [ "$(cat "$dir/out")" = input ]
HERMIT_VERBOSE=1 run /bin/true
result "HERMIT_VERBOSE is -v" grep -q "platform " "$dir/err"
HERMIT_CPUS=1 run nproc
result "HERMIT_CPUS: so many CPUs" [ "$(cat "$dir/out")" = 1 ]
HERMIT_MEM=64M run sh -c 'exec awk "/^MemTotal/ { exit !(\$2 <= 65536 && \$2 > 16384) }" /proc/meminfo'
result "HERMIT_MEM in M: so much memory" [ "$status" = 0 ]
HERMIT_MEM=65536K run /bin/true
result "HERMIT_MEM in K is the same" [ "$status" = 0 ]
HERMIT_MEM=nonsense run /bin/true
result "and nonsense is refused" [ "$status" = 2 ]
# host.t sets the first names.
second() (
	unset HERMIT_CPUS HERMIT_MEM
	export HERMIT_CPU_COUNT=1 HERMIT_MEMORY_SIZE=64MiB
	run "$@"
	exit "$status"
)
second nproc
result "HERMIT_CPU_COUNT is uhyve's name for HERMIT_CPUS" [ "$(cat "$dir/out")" = 1 ]
second awk '/^MemTotal/ { exit !($2 <= 65536 && $2 > 16384) }' /proc/meminfo
result "HERMIT_MEMORY_SIZE is uhyve's name for HERMIT_MEM" [ $? = 0 ]
HERMIT_MEM=64M HERMIT_MEMORY_SIZE=96M run /bin/true
result "and both names with two values are refused" [ "$status" = 2 ]

for signal in TERM:143 INT:130 USR1:138; do
	# A process of the background has SIGINT ignored, so it is asked for again.
	env --default-signal=INT isle-run "$trouble" wait > "$dir/out" 2> "$dir/err" &
	pid=$!
	for _ in $(seq 600); do grep -q here "$dir/out" && break; sleep 0.1; done
	kill -s "${signal%:*}" $pid
	wait $pid 2> /dev/null
	result "SIG${signal%:*} from outside ends it so" [ $? = "${signal#*:}" ]
done
echo "1..$n"
