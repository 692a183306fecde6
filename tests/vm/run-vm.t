#!/bin/bash
# SPDX-License-Identifier: MIT
# Test of run-vm itself (TAP): what goes in and comes out of the machine, and
# that it ends in every case.
if [ "${TEST_MACHINES:-yes}" = no ]; then
	echo '1..0 # SKIP no machines: TEST_MACHINES=no'
	exit 0
fi
here=$(dirname "$(readlink -f "$0")")
run=$here/run-vm
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/tmp" "$dir/out" "$dir/build"
export TMPDIR=$dir/tmp ISLE_BUILD=$dir/build
cd "$dir" || exit 1
count=0

# ok NAME COMMAND...: the test succeeded if COMMAND does.
ok()
{
	local name=$1 verdict=ok

	shift
	"$@" || verdict="not ok"
	count=$((count + 1))
	echo "$verdict $count - $name"
	[ "$verdict" = ok ] || sed 's/^/# /' "$dir/err"
}

# machine ARGS...: run-vm without the module; sets rc, fills the files out and err.
machine()
{
	"$run" --no-module "$@" >"$dir/o" 2>"$dir/err"
	rc=$?
}

is()
{
	[ "$1" = "$2" ] || { echo "# got '$1', expected '$2'"; false; }
}

says()
{
	grep -q -e "$1" "$dir/err"
}

refused()
{
	local text=$1

	shift
	machine "$@" -- true
	ok "$*: status 2" is $rc 2
	ok "$*: a sentence" says "$text"
}

refused "there is no option --cores" --cores 3
refused "cpus can be 2, 4 or 8" --cpus 6
refused "whole number" --mem 0
machine --timeout
ok "--timeout alone: status 2" is $rc 2
ok "--timeout alone: a sentence" says "wants a value"
machine
ok "no command: status 2" is $rc 2
"$run" -- true >o 2>err
ok "no module: status 122" is $? 122
ok "no module: a sentence" says "there is no module for"
machine --kernel 2.0 -- true
ok "unknown kernel: status 77" is $rc 77
"$run" --help >o 2>err
ok "--help tells of the exit statuses" grep -q "^  124  the time was up" o

export TEST_VALUE=$'it\'s "odd" $HOME\nsecond'
# shellcheck disable=SC2016 # for the machine
machine --cpus 4 -- sh -c 'pwd; printf "%s|" "$TEST_VALUE" "$@"; echo
	ls -d /sys/devices/system/node/node? | wc -l
	cat /sys/devices/system/node/node1/cpulist; id -u
	echo problem >&2; exit 7' sh "a  b" '' '*'
ok "exit status" is $rc 7
ok "directory, environment, arguments, two nodes, root" is "$(cat o)" \
	"$dir
$TEST_VALUE|a  b||*|
2
2-3
0"
ok "stderr by itself" is "$(cat err)" problem

# shellcheck disable=SC2016
machine -- sh -c 'kill -SEGV $$'
ok "status of a signal" is $rc 139
ok "nothing else said" is "$(cat err)" ""

machine --timeout 12 --console "$dir/console" -- sh -c 'trap "" TERM; echo begun; sleep 1000'
ok "timeout: status 124" is $rc 124
ok "timeout: output so far" is "$(cat o)" begun
ok "timeout: a sentence" says "the time of 12 s was up before sh ended"
ok "console kept" grep -q "Linux version" console

head -c 5000000 /dev/urandom >data
printf '<end ' >>data
machine -- sh -c 'cat data; tac -s x data >&2'
ok "5 MB on stdout" cmp data o
tac -s x data >expected
ok "5 MB on stderr" cmp expected err

# first LINE's time and the last one's are apart when output comes as it is made.
"$run" --no-module -- sh -c 'echo first; sleep 8; echo second' 2>err |
	while read -r _; do date +%s; done >o
ok "output is streamed" [ $(($(tail -n 1 o) - $(head -n 1 o))) -ge 2 ]

machine --out "$dir/out" --strict-dmesg -- sh -c 'echo kept >out/file
	echo lost >lost; echo "<4>WARNING: a trial" >/dev/kmsg'
ok "--strict-dmesg: status 123" is $rc 123
ok "complaint shown" says "WARNING: a trial"
ok "--out is kept" is "$(cat out/file)" kept
ok "the rest is not" [ ! -e lost ]

machine -- sh -c 'echo before; echo c >/proc/sysrq-trigger'
ok "panic: status 125" is $rc 125
ok "panic: a sentence" says "the machine died before sh ended"
ok "panic: its console" says "Kernel panic"

"$run" --no-module -- sleep 1000 >o 2>err &
sleep 2
qemu=$(pgrep -P $!)
kill -TERM $!
wait $!
ok "SIGTERM: status 143" is $? 143
# shellcheck disable=SC2086 # process numbers
ok "SIGTERM: no process left" is "$(ps -o args= -p ${qemu//$'\n'/,})" ""
ok "no temporary files left" is "$(ls -A tmp)" ""
echo "1..$count"
